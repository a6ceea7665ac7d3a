import { namedFaults } from '../simulator/faults.ts';
import { namedQuirks } from '../simulator/namedQuirks.ts';
import { describeNames } from '../simulator/nameList.ts';

/** The names that `simulate` takes, with a few words on each. */
export const simulateHelp = [
  '\nFaults, failures that a client has to get over:',
  describeNames(namedFaults),
  '\nQuirks, peculiarities of its answers:',
  describeNames(namedQuirks),
].join('\n');
