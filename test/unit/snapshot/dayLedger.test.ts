import { describe, expect, it } from 'vitest';
import { DayLedger, isFewFailing } from '../../../src/snapshot/dayLedger.ts';
import type { Outcome } from '../../../src/usage/usageSnapshot.ts';
import { createLists } from '../../support/customerLists.ts';
import { dayOf } from '../../support/recordedDays.ts';

async function ledgerOf(outcomes: Record<string, Outcome>, ids = Object.keys(outcomes)) {
  const ledger = new DayLedger('run');
  const { listed, readRecords } = createLists({ customers: ids });
  const customers = ledger.list.all(listed, await readRecords(), async function* () {});
  await Array.fromAsync(customers);
  for (const [id, outcome] of Object.entries(outcomes)) ledger.enter(id, outcome);
  return ledger;
}

const rowOf = (customerId: string, outcome: Outcome, isAnomalyDelivered?: boolean) => ({
  ...dayOf('2026-03-10', '5', { customerId, customerName: `Customer ${customerId}`, outcome }),
  ...(isAnomalyDelivered !== undefined && { isAnomalyDelivered }),
});

describe('the ledger of a day', () => {
  it('counts the rows of listed customers by outcome, and those that have none', async () => {
    const outcomes = { a: 'usage', b: 'usage', c: 'noUsage', d: 'refused', e: 'failed' } as const;
    const listed = ['a', 'c', 'd', 'e', 'f', 'g'];
    const ledger = await ledgerOf(outcomes, listed);
    expect(ledger.counts).toEqual({
      customersWithUsage: 1,
      customersWithoutUsage: 1,
      customersRefused: 1,
      customersFailed: 1,
      customersFailing: 0,
      customersRemaining: 2,
    });
  });

  it('counts customers that fail for good while they fail, are listed, and are few', async () => {
    const names = [
      ...Array(7)
        .keys()
        .map((each) => `customer ${each}`),
    ];
    const ledger = await ledgerOf(Object.fromEntries(names.map((name) => [name, 'failed'])));
    for (const name of names.slice(0, 5)) ledger.failing.set(name, {});
    ledger.failing.set('unlisted', {});
    ledger.enter('unlisted', 'failed');
    expect(ledger.counts).toMatchObject({ customersFailed: 7, customersFailing: 5 });
    ledger.failing.set('customer 5', {});
    expect(ledger.counts).not.toHaveProperty('customersFailing');
    ledger.enter('customer 5', 'refused');
    expect(ledger.counts).toMatchObject({ customersFailed: 6, customersFailing: 5 });
  });

  it.each([
    [5, 10, true],
    [6, 299, false],
    [6, 300, true],
    [7, 300, false],
  ])('takes %d failing customers of %d for single ones: %s', (failing, listed, expected) => {
    expect(isFewFailing(failing, listed)).toBe(expected);
  });

  it('leaves out who has usage, or had none and still has no cost by the usage records', async () => {
    const ledger = await ledgerOf({ a: 'usage', b: 'noUsage', c: 'refused', d: 'failed' });
    const skipped = (namesCost: boolean) =>
      ['a', 'b', 'c', 'd', 'e'].filter((id) => ledger.isSkipped(id, namesCost));
    expect(skipped(false)).toEqual(['a', 'b']);
    expect(skipped(true)).toEqual(['a']);
  });

  it('leaves out nobody who is to be captured once more', () => {
    const ledger = new DayLedger('run');
    ledger.addRecorded(rowOf('a', 'usage'), true);
    ledger.addRecorded(rowOf('b', 'usage'), false);
    expect(ledger.isSkipped('a', false)).toBe(false);
    expect(ledger.isSkipped('b', false)).toBe(true);
  });

  it('names those that an earlier run of the day has left undone', () => {
    const ledger = new DayLedger('run');
    const outcomes = ['usage', 'noUsage', 'refused', 'failed'] as const;
    for (const outcome of outcomes) ledger.addRecorded(rowOf(outcome, outcome), false);
    expect(ledger.undone).toEqual([
      { id: 'refused', name: 'Customer refused' },
      { id: 'failed', name: 'Customer failed' },
    ]);
    expect(outcomes.map((each) => ledger.outcomeOf(each))).toEqual(outcomes);
  });

  it('knows of an anomaly of the day whether it was delivered', () => {
    const ledger = new DayLedger('run');
    ledger.addRecorded(rowOf('a', 'usage', true), false);
    ledger.addRecorded(rowOf('b', 'usage', false), false);
    ledger.addRecorded(rowOf('c', 'usage'), false);
    expect(['a', 'b', 'c'].map((id) => ledger.anomalyOf(id))).toEqual([
      { isAnomalyDelivered: true },
      { isAnomalyDelivered: false },
      undefined,
    ]);
  });

  it('has the majority served where more than half are done', async () => {
    const ledger = await ledgerOf({ a: 'usage', b: 'noUsage', c: 'failed', d: 'refused' });
    expect(ledger.isMajorityServed(3)).toBe(true);
    expect(ledger.isMajorityServed(4)).toBe(false);
  });

  it('names those that are captured once more before all others', () => {
    const ledger = new DayLedger('run');
    for (const id of ['a', 'b', 'c']) ledger.addRecorded(rowOf(id, 'usage'), id === 'b');
    ledger.addRecorded(rowOf('d', 'noUsage'), true);
    expect([...new Set(ledger.listCaptured())]).toEqual(['b', 'a', 'c']);
  });

  it('has the outcomes of the table in the end', async () => {
    const ledger = await ledgerOf({ a: 'usage', b: 'usage' });
    const unread = new Set(ledger.listEntered());
    ledger.enter('a', 'failed');
    unread.delete('a');
    ledger.forget(unread);
    expect(['a', 'b'].map((id) => ledger.outcomeOf(id))).toEqual(['failed', undefined]);
  });
});
