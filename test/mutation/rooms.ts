/** What is mutated together, and the unit and property tests that are to notice. */
export interface Room {
  mutate: string[];
  /** They run in this order: the quick ones come first. */
  tests: string[];
}

const snapshotTests = [
  ...['runContext', 'dayAssessor', 'fanOut', 'dayWriter', 'settleDay', 'ledgerBehind'],
  ...['anomalyDelivery', 'twoPeriods', 'runRecord', 'writeQueue', 'lease', 'catchUp'],
  ...['stopPolicy', 'lastingTrouble', 'snapshotRun'],
];

export const rooms: Readonly<Record<string, Room>> = {
  usage: {
    mutate: ['src/usage/*.ts'],
    // Not `newColumn`, which asks the compiler.
    tests: [
      'test/unit/usage/!(newColumn|outlook).test.ts',
      'test/unit/usage/outlook.test.ts',
      'test/property/dailyCost.test.ts',
    ],
  },
  alerts: { mutate: ['src/alerts/*.ts'], tests: ['test/unit/alerts/*.test.ts'] },
  network: {
    mutate: ['src/network/retry.ts', 'src/network/retryAfter.ts'],
    tests: ['test/unit/network/retry.test.ts'],
  },
  'partner-center': {
    mutate: ['gate', 'paging', 'list'].map((name) => `src/partner-center/${name}.ts`),
    tests: ['gate', 'listEnd', '*'].map((name) => `test/unit/partner-center/${name}.test.ts`),
  },
  snapshot: {
    mutate: ['src/snapshot/*.ts'],
    // Not `secrets`, which looks for words, not for rules.
    tests: snapshotTests.map((name) => `test/unit/snapshot/${name}.test.ts`),
  },
};
