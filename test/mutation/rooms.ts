/** What is mutated together, and the unit and property tests that are to notice. */
export interface Room {
  mutate: string[];
  /** They run in this order: the quick ones come first. */
  tests: string[];
  /** Several times what the longest test takes: mutants leave tests waiting for ever. */
  testTimeoutMs: number;
}

const snapshotTests = [
  ...['earlierRuns', 'refusals', 'customerList', 'runStatus', 'dayLedger', 'failure'],
  ...['subscriptionCounter', 'currencyTotals', 'mergeCapture', 'dayEntries', 'captureWriter'],
  ...['captureCustomer', 'dayFailures', 'dayAssessor', 'fanOut', 'dayWriter', 'finalizeDay'],
  ...[
    'ledgerBehind',
    'twoPeriods',
    'runRecord',
    'writeQueue',
    'lease',
    'runEnd',
    'dueRuns',
    'catchUp',
  ],
];

const snapshotRules = [
  ...['captureWriter', 'dayEntries', 'dayFailures', 'dayLedger', 'refusals', 'mergeCapture'],
  ...['runStatus', 'customerList', 'lease', 'writeQueue', 'stopPolicy', 'catchUp', 'earlierRuns'],
  ...['earlierDays', 'dayAssessor', 'finalizeDay', 'dayWriter', 'captureCustomer'],
  ...['captureSubscriptions', 'failure', 'subscriptionCounter', 'currencyTotals'],
];

export const rooms: Readonly<Record<string, Room>> = {
  usage: {
    // Not what declares rows and no more: the tests of tables and API notice.
    mutate: [
      'src/usage/*.ts',
      '!src/usage/{rowShape,budgetAlert,currencyTotal,recordedCost,recordedDay}.ts',
    ],
    // Not `newColumn`, which asks the compiler, nor the many customers of `madeUpCustomers`.
    tests: [
      'test/unit/usage/outlook.test.ts',
      'test/unit/usage/!(newColumn|madeUpCustomers|outlook).test.ts',
      'test/property/dailyCost.test.ts',
      'test/property/literalJson.test.ts',
    ],
    testTimeoutMs: 20_000,
  },
  alerts: {
    mutate: ['src/alerts/*.ts'],
    tests: ['test/unit/alerts/*.test.ts'],
    testTimeoutMs: 2_000,
  },
  network: {
    mutate: ['src/network/retry.ts', 'src/network/retryAfter.ts'],
    tests: ['test/unit/network/retry.test.ts'],
    testTimeoutMs: 2_000,
  },
  'partner-center': {
    mutate: ['gate', 'paging', 'list', 'pageReader'].map((name) => `src/partner-center/${name}.ts`),
    tests: [
      ...['gate', 'listEnd', '*'].map((name) => `test/unit/partner-center/${name}.test.ts`),
      'test/property/literalJson.test.ts',
    ],
    testTimeoutMs: 4_000,
  },
  snapshot: {
    // Not what puts the parts together or declares them (`snapshotJob` and the like): few rules, slow tests.
    mutate: snapshotRules.map((name) => `src/snapshot/${name}.ts`),
    // Not those of whole runs (`snapshotRun`, `lastingTrouble`, `stopPolicy` and the like), which are slow.
    tests: snapshotTests.map((name) => `test/unit/snapshot/${name}.test.ts`),
    testTimeoutMs: 10_000,
  },
};
