/** What a page in Markdown tells to run. */

/** Each command once, in order: lines of `sh` blocks, and inline code that begins as one does. */
export function listCommands(markdown: string): string[] {
  const commands = new Set<string>();
  for (const [, language, block = ''] of markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)) {
    if (language !== 'sh') continue;
    for (const line of block.split('\n')) if (line.trim() !== '') commands.add(line.trim());
  }
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '');
  for (const [, code = ''] of prose.matchAll(/`([^`\n]+)`/g)) {
    if (/^(npm|npx|node|azd|az|func|usage-snapshots) /.test(code)) commands.add(code);
  }
  return [...commands];
}

/** A row of the table of commands, such as `top [--date D] [--limit N]`. */
export interface Synopsis {
  name: string;
  text: string;
  /** `--date`, `--limit` */
  options: string[];
}

/** The rows of the table whose head is `| command | does |`. */
export function listSynopses(markdown: string): Synopsis[] {
  const [, table = ''] = /^\| command \| does \|\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(markdown) ?? [];
  return [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code = '']) => {
    const text = code.replaceAll('\\|', '|');
    const [name = ''] = text.split(' ');
    return { name, text, options: text.match(/--[a-z-]+/g) ?? [] };
  });
}

/** The lines of output that a page shows, in its `text` block; `…` stands for others. */
export function listShownLines(markdown: string): string[] {
  const [, block = ''] = /^```text\n(.*?)^```$/ms.exec(markdown) ?? [];
  return block.split('\n').filter((line) => line !== '' && line !== '…');
}

/** What a line of output looks like, whatever it is of: one that a later demo prints as well. */
export function shapeOf(line: string): string {
  return (
    line
      // A ranking's figures depend on the day of the month.
      .replace(/ (azurePlan|payAsYouGo) .*/, ' plan')
      .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'ID')
      .replaceAll(/\d{8}T\w+-[\da-f]+/g, 'RUN')
      .replaceAll(/[A-Z][a-z]+ [A-Z][a-z]+/g, 'NAME')
      .replaceAll(/[\u2580-\u259f]+/g, 'BAR')
      .replaceAll(/\d+/g, '0')
      .replaceAll(/ +/g, ' ')
      .trim()
  );
}
