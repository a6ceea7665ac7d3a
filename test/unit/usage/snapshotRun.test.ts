import { describe, expect, it } from 'vitest';
import { isDayWhole, isRunDone, type SnapshotRun } from '../../../src/usage/snapshotRun.ts';

function runOf(fields: Partial<SnapshotRun>): SnapshotRun {
  return { scope: 'all', customersRemaining: 0, customersFailed: 0, ...fields } as SnapshotRun;
}

describe('a run', () => {
  it('of all customers has done what it was asked for where it is complete', () => {
    expect(isRunDone(runOf({ status: 'complete' }))).toBe(true);
    expect(isRunDone(runOf({ status: 'partial' }))).toBe(false);
  });

  it.each<[string, Partial<SnapshotRun>, boolean]>([
    ['was captured', {}, true],
    ['failed', { customersFailed: 1 }, false],
    ['is left', { customersRemaining: 1 }, false],
    ['was captured before the run failed', { status: 'failed' }, false],
  ])('of one customer that %s has done what it was asked for: %s', (_what, fields, expected) => {
    expect(isRunDone(runOf({ scope: 'customer', status: 'partial', ...fields }))).toBe(expected);
  });

  it.each<[string, Partial<SnapshotRun>, boolean]>([
    ['complete', { status: 'complete' }, true],
    ['partial and finalized', { status: 'partial', isSettled: true }, true],
    ['partial', { status: 'partial' }, false],
    ['failed, whatever is finalized', { status: 'failed', isSettled: true }, false],
    ['of one customer', { status: 'complete', scope: 'customer' }, false],
  ])('that is %s leaves its day whole: %s', (_how, fields, expected) => {
    expect(isDayWhole(runOf(fields))).toBe(expected);
  });
});
