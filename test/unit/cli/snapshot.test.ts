import { describe, expect, it } from 'vitest';
import { describeRun, exitCodeOf } from '../../../src/cli/snapshot.ts';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';

function run(fields: Partial<SnapshotRun> = {}): SnapshotRun {
  return {
    snapshotDate: '2026-03-10',
    runId: '20260310T023000000Z-00000001',
    partnerTenantId: '5c1e0e3c-6e7c-4a2e-9f39-33a0f9c5a7b4',
    trigger: 'cli',
    scope: 'all',
    status: 'complete',
    startedAt: '2026-03-10T02:30:00.000Z',
    customersListed: 10,
    customersWithUsage: 7,
    customersWithoutUsage: 2,
    customersRefused: 1,
    customersFailed: 0,
    customersSkipped: 0,
    customersRemaining: 0,
    subscriptionsCaptured: 9,
    subscriptionsFailed: 0,
    requests: 30,
    retries: 1,
    throttled: 0,
    tokenRequests: 1,
    customersOnlyInUsageRecords: 0,
    costMismatches: 0,
    ...fields,
  };
}

describe('the exit code of a run', () => {
  it.each<[what: string, code: number, fields: Partial<SnapshotRun>]>([
    ['that is complete', 0, {}],
    ['of one customer that is done', 0, { scope: 'customer', status: 'partial' }],
    [
      'of one customer that failed',
      3,
      { scope: 'customer', status: 'partial', customersFailed: 1 },
    ],
    [
      'of one customer that remains',
      3,
      { scope: 'customer', status: 'partial', customersRemaining: 1 },
    ],
    ['of all customers of which one failed', 3, { status: 'partial', customersFailed: 1 }],
    // The list is not believed, though everybody on it is done.
    ['of all customers that is doubted', 3, { status: 'partial' }],
    ['that failed', 1, { status: 'failed' }],
    ['of one customer that was stopped', 1, { scope: 'customer', status: 'failed' }],
  ])('%s is %i', (_what, code, fields) => {
    expect(exitCodeOf(run(fields))).toBe(code);
  });
});

describe('the counts of a run', () => {
  it('say that the remaining customers are unknown where the list could not be read', () => {
    const { customersRemaining: _, ...unread } = run({ status: 'partial' });
    expect(describeRun(unread)).toMatch(/^ {2}remaining +unknown$/m);
    expect(describeRun(run())).toMatch(/^ {2}remaining +0$/m);
  });

  it('begin with the run, its date and its status', () => {
    expect(describeRun(run({ status: 'partial', durationMs: 61_240 }))).toMatch(
      /^run 20260310T023000000Z-00000001 of 2026-03-10 +partial\n(.*\n)+seconds +61\.2$/,
    );
  });
});
