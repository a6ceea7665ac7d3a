import { describe, expect, it } from 'vitest';
import { RetriableError } from '../../../src/errors.ts';
import { DayLedger } from '../../../src/snapshot/dayLedger.ts';
import { findDoubt, isOnlyFailingLeft, statusOf } from '../../../src/snapshot/runStatus.ts';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';
import { createLists, type Lists } from '../../support/customerLists.ts';

const runOf = (fields: Partial<SnapshotRun> = {}) =>
  ({ scope: 'all', customersRemaining: 0, customersFailed: 0, ...fields }) as SnapshotRun;

/** The ledger of a run whose lists are read to their end. */
async function ledgerOf(lists: Lists = { customers: ['a', 'b'], records: ['a'] }) {
  const ledger = new DayLedger('run');
  const { listed, readRecords } = createLists(lists);
  const customers = ledger.list.all(listed, await readRecords(), async function* () {});
  await Array.fromAsync(customers);
  return ledger;
}

const brokenOff = new RetriableError('HTTP_500', 'the list broke off');

describe('a day may be incomplete', () => {
  it('for no reason where its list was read and nothing stopped the run', async () => {
    expect(findDoubt(runOf(), await ledgerOf(), 'all')).toBeUndefined();
  });

  it('as the run was stopped, as the list broke off, and for what failed, the gravest first', async () => {
    const ledger = await ledgerOf({ customers: ['a'], customersError: brokenOff });
    ledger.stoppedBy = 'the deadline';
    ledger.recapturesFailed = 2;
    ledger.isRightLost = true;
    expect(findDoubt(runOf(), ledger, 'all')).toBe('stopped: the deadline');
    ledger.stoppedBy = undefined;
    expect(findDoubt(runOf(), ledger, 'all')).toBe('the list broke off');
    const whole = await ledgerOf();
    whole.recapturesFailed = 1;
    whole.isRightLost = true;
    expect(findDoubt(runOf(), whole, 'all')).toBe('1 customers could not be captured once more');
    whole.recapturesFailed = 0;
    expect(findDoubt(runOf(), whole, 'all')).toMatch('a right on subscriptions was lost');
  });

  it('as a list is empty, unless one customer was asked for', async () => {
    const nobody = await ledgerOf({ records: ['a'] });
    expect(findDoubt(runOf(), nobody, 'all')).toBe('the customer list is empty');
    expect(findDoubt(runOf(), nobody, 'usage')).toBe('the list of usage records is empty');
    expect(findDoubt(runOf({ scope: 'customer' }), nobody, 'all')).toBeUndefined();
  });
});

describe('a run', () => {
  it('is complete only of all customers, without doubt, and with a row of each', () => {
    expect(statusOf(runOf(), undefined)).toBe('complete');
    expect(statusOf(runOf(), 'a doubt')).toBe('partial');
    expect(statusOf(runOf({ scope: 'customer' }), undefined)).toBe('partial');
    expect(statusOf(runOf({ customersRemaining: 1 }), undefined)).toBe('partial');
    expect(statusOf(runOf({ customersFailed: 1 }), undefined)).toBe('partial');
    const { customersRemaining: _, ...unread } = runOf();
    expect(statusOf(unread as SnapshotRun, undefined)).toBe('partial');
  });

  it('lacks only customers that fail for good where all its failures are such', () => {
    const partial = { status: 'partial', customersFailed: 2, customersFailing: 2 } as const;
    expect(isOnlyFailingLeft(runOf(partial), undefined)).toBe(true);
    expect(isOnlyFailingLeft(runOf(partial), 'a doubt')).toBe(false);
    expect(isOnlyFailingLeft(runOf({ ...partial, scope: 'customer' }), undefined)).toBe(false);
    expect(isOnlyFailingLeft(runOf({ ...partial, status: 'failed' }), undefined)).toBe(false);
    expect(isOnlyFailingLeft(runOf({ ...partial, customersRemaining: 1 }), undefined)).toBe(false);
    expect(isOnlyFailingLeft(runOf({ ...partial, customersFailing: 1 }), undefined)).toBe(false);
  });
});
