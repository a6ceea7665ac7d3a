import type { Command } from 'commander';

/** A paragraph, or a list of terms with what they mean. */
export type HelpPart = string | Readonly<Record<string, string>>;

const widthElsewhere = 80;

/** Adds text below the help of a command, wrapped to the terminal. */
export function addHelp(command: Command, parts: readonly HelpPart[]): Command {
  return command.addHelpText('after', () => {
    const { isTTY, columns } = process.stdout;
    const helpWidth = isTTY && columns > 0 ? columns : widthElsewhere;
    const help = command.createHelp();
    help.prepareContext({ helpWidth });
    const texts = parts.map((part) => {
      if (typeof part === 'string') return help.boxWrap(part, helpWidth);
      const widest = Math.max(...Object.keys(part).map((term) => term.length));
      return Object.entries(part)
        .map(([term, meaning]) => help.formatItem(term, widest, meaning, help))
        .join('\n');
    });
    return `\n${texts.join('\n\n')}`;
  });
}
