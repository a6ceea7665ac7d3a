/** What is mutated together, and the unit and property tests that are to notice. */
export interface Room {
  mutate: string[];
  tests: string[];
}

export const rooms: Readonly<Record<string, Room>> = {
  usage: {
    mutate: ['src/usage/*.ts'],
    tests: ['test/unit/usage/*.test.ts', 'test/property/dailyCost.test.ts'],
  },
  alerts: { mutate: ['src/alerts/*.ts'], tests: ['test/unit/alerts/*.test.ts'] },
  network: {
    mutate: ['src/network/retry.ts', 'src/network/retryAfter.ts'],
    tests: ['test/unit/network/retry.test.ts'],
  },
  'partner-center': {
    mutate: ['gate', 'paging', 'list'].map((name) => `src/partner-center/${name}.ts`),
    tests: ['test/unit/partner-center/*.test.ts'],
  },
  snapshot: {
    mutate: ['src/snapshot/*.ts'],
    tests: ['test/unit/snapshot/*.test.ts'],
  },
};
