import type { ConfigurationError } from '../errors.ts';

/**
 * The names of the settings that problems are about. Of a problem anybody may read only that: the
 * rest can hold a value.
 */
export function settingNamesIn({ problems }: ConfigurationError): string[] {
  const names = problems.flatMap((problem) => (problem.split(':')[0] ?? '').split(', '));
  // What the table client says of a connection string does not begin with the setting's name.
  return [...new Set(names.map((name) => (/^[A-Z]/.test(name) ? name : 'SNAPSHOT_STORAGE')))];
}
