import type { ConfigurationError } from '../errors.ts';

/**
 * The names of the settings that problems are about. Only these may be public, as the rest of a
 * problem can contain a value.
 */
export function settingNamesIn({ problems }: ConfigurationError): string[] {
  const names = problems.flatMap((problem) => (problem.split(':')[0] ?? '').split(', '));
  // The table client's message about a connection string does not begin with the setting's name.
  return [...new Set(names.map((name) => (/^[A-Z]/.test(name) ? name : 'SNAPSHOT_STORAGE')))];
}
