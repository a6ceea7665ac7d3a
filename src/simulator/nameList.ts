/** What can be named on the command line: what a name stands for, and what it does in a few words. */
export type Named<T> = Readonly<Record<string, { preset: T; words: string }>>;

/**
 * Puts together what the names of a comma list stand for; blanks and an empty list are fine.
 *
 * @throws RangeError naming the word that is not known, and those that are
 */
export function parseNames<T extends object>(kind: string, known: Named<T>, list: string): T {
  const names = list.split(',').map((part) => part.trim());
  const presets = names.filter((name) => name !== '').map((name) => presetOf(kind, known, name));
  return Object.assign({}, ...presets);
}

function presetOf<T>(kind: string, known: Named<T>, name: string): T {
  const entry = Object.hasOwn(known, name) ? known[name] : undefined;
  if (entry) return entry.preset;
  const names = Object.keys(known).join(', ');
  throw new RangeError(`unknown ${kind} "${name}"; known are ${names}`);
}

/** One line for each name, as a help text shows them. */
export function describeNames(known: Named<unknown>): string {
  const width = Math.max(...Object.keys(known).map((name) => name.length));
  return Object.entries(known)
    .map(([name, { words }]) => `  ${name.padEnd(width)}  ${words}`)
    .join('\n');
}
