/** Names for the command line, each with its preset and a short description. */
export type Named<T> = Readonly<Record<string, { preset: T; words: string }>>;

/**
 * Merges the presets of the names in a comma list; blanks and an empty list are accepted.
 *
 * @throws RangeError naming the unknown word and the known names
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
