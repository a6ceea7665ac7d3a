import { namedFaults } from '../simulator/faults.ts';
import { namedQuirks } from '../simulator/namedQuirks.ts';
import type { Named } from '../simulator/nameList.ts';
import type { HelpPart } from './help.ts';

/** The names that `simulate` takes, with a few words on each. */
export const simulateHelp: readonly HelpPart[] = [
  'Faults, failures that a client has to get over:',
  wordsOf(namedFaults),
  'Quirks, peculiarities of its answers:',
  wordsOf(namedQuirks),
];

function wordsOf(named: Named<unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(named).map(([name, { words }]) => [name, words]));
}
