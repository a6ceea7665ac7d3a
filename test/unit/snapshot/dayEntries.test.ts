import { describe, expect, it } from 'vitest';
import { DayEntries, type Entry } from '../../../src/snapshot/dayEntries.ts';
import { DayFailures } from '../../../src/snapshot/dayFailures.ts';
import { DayLedger } from '../../../src/snapshot/dayLedger.ts';
import { DayWriter } from '../../../src/snapshot/dayWriter.ts';
import { EarlierDays } from '../../../src/snapshot/earlierDays.ts';
import type { EventName } from '../../../src/telemetry/eventLog.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import type { CustomerSnapshot, Failure, UsageFigures } from '../../../src/usage/usageSnapshot.ts';
import { createNight } from '../../support/night.ts';
import { dayOf, refuseDaysOf, spender } from '../../support/recordedDays.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const date = '2026-03-10';
const failure: Failure = { phase: 'summary', status: 500, code: 'HTTP_500', message: 'no' };
const notStored: Failure = { phase: 'store', code: 'STORE', message: 'no room' };

function day(outcome: CustomerSnapshot['outcome'], change: Partial<CustomerSnapshot> = {}) {
  const row = dayOf(date, '5', { runId: 'now', outcome, ...change });
  if (outcome === 'usage' || change.figures) return row;
  const { figures: _, ...bare } = row;
  return bare;
}

const figures = dayOf(date, '7').figures as UsageFigures;

/** Enters a row of the day beside the one of an earlier run, if there is one. */
async function entered(
  before: Partial<LedgerRow> | undefined,
  row: CustomerSnapshot,
  entry: Partial<Entry> = {},
  refused: 'nothing' | 'figures' | 'everything' = 'nothing',
  yesterday?: LedgerRow,
) {
  const night = createNight();
  const { usageByDay } = night.stores;
  const ledger = new DayLedger('now');
  if (yesterday) await usageByDay.upsertDay([yesterday]);
  if (before) {
    const earlier: LedgerRow = { ...day(before.outcome ?? 'usage'), runId: 'earlier', ...before };
    await usageByDay.upsertDay([earlier]);
    ledger.addRecorded(earlier, false);
  }
  const upsertDay = usageByDay.upsertDay.bind(usageByDay);
  if (refused !== 'nothing') refuseDaysOf(night, spender);
  const refusing = usageByDay.upsertDay.bind(usageByDay);
  usageByDay.upsertDay = (rows, options) => {
    const isTaken = refused === 'figures' && rows.every((each) => each.figures === undefined);
    return (isTaken ? upsertDay : refusing)(rows, options);
  };
  const dayWriter = new DayWriter(usageByDay, new VirtualClock());
  const failures = new DayFailures({
    events: night.context.events,
    ledger,
    earlierDays: new EarlierDays([{ date: '2026-03-09', isMajorityServed: true }], usageByDay),
    snapshotDate: date,
  });
  await new DayEntries({ ledger, dayWriter, failures }).enter({
    day: row,
    finding: {},
    outcome: row.outcome,
    ownOutcome: row.outcome,
    isRefusal: false,
    isRowNew: true,
    ...entry,
  });
  await dayWriter.flush();
  const events: EventName[] = night.events.map(({ event }) => event);
  return {
    row: await usageByDay.getDay(date, spender),
    outcome: ledger.outcomeOf(spender),
    recapturesFailed: ledger.recapturesFailed,
    failures: failures.list,
    events,
  };
}

describe('the row of the day', () => {
  it.each(['usage', 'noUsage', 'refused', 'failed'] as const)(
    'is the first one, with outcome %s',
    async (outcome) => {
      expect(await entered(undefined, day(outcome))).toMatchObject({
        row: { outcome, runId: 'now' },
        outcome,
        recapturesFailed: 0,
      });
    },
  );

  it.each([
    ['noUsage', 'usage'],
    ['refused', 'noUsage'],
    ['failed', 'refused'],
    ['usage', 'usage'],
    ['failed', 'failed'],
  ] as const)('with outcome %s gives way to one with %s', async (before, outcome) => {
    expect(await entered({ outcome: before }, day(outcome))).toMatchObject({
      row: { outcome, runId: 'now' },
      outcome,
      recapturesFailed: 0,
    });
  });

  it.each([
    ['usage', 'noUsage', 1],
    ['usage', 'failed', 1],
    ['noUsage', 'refused', 1],
    ['noUsage', 'failed', 1],
    ['refused', 'failed', 0],
  ] as const)(
    'with outcome %s stays beside one with %s',
    async (before, outcome, recapturesFailed) => {
      expect(await entered({ outcome: before }, day(outcome))).toMatchObject({
        row: { outcome: before, runId: 'earlier' },
        outcome: before,
        recapturesFailed,
      });
    },
  );

  it('of a customer that was done gets the figures of its own new row, and stays done', async () => {
    const failedAfter = day('failed', { figures, failure });
    const result = await entered({ outcome: 'usage' }, failedAfter, { ownOutcome: 'usage' });
    expect(result).toMatchObject({
      row: { outcome: 'usage', runId: 'now', figures: { totalCost: '7' } },
      outcome: 'usage',
      recapturesFailed: 1,
    });
    expect(result.row).not.toHaveProperty('failure');
    const kept = { ownOutcome: 'usage', isRowNew: false } as const;
    expect(await entered({ outcome: 'usage' }, failedAfter, kept)).toMatchObject({
      row: { outcome: 'usage', runId: 'earlier', figures: { totalCost: '5' } },
      recapturesFailed: 1,
    });
  });

  it('of a customer that was done keeps the refusal of its list', async () => {
    const refusal = { ...failure, phase: 'subscriptions', status: 403 } as const;
    expect(await entered({ outcome: 'usage' }, day('usage', { failure: refusal }))).toMatchObject({
      row: { outcome: 'usage', runId: 'now', failure: refusal },
    });
  });

  it('of a customer that was refused or had no usage fails if anything does after its figures', async () => {
    const failedAfter = day('failed', { figures, failure });
    for (const outcome of ['refused', 'noUsage'] as const) {
      expect(await entered({ outcome }, failedAfter, { ownOutcome: 'usage' })).toMatchObject({
        row: { outcome: 'failed', runId: 'now' },
        outcome: 'failed',
      });
    }
  });

  it('of a customer that failed stays where the new one was not stored', async () => {
    const unkept = day('failed', { failure: notStored });
    const before = { outcome: 'failed', figures } as const;
    expect(await entered(before, unkept, { isRowNew: false })).toMatchObject({
      row: { runId: 'earlier', figures: { totalCost: '7' } },
      recapturesFailed: 0,
    });
    expect(await entered(before, unkept)).toMatchObject({ row: { runId: 'now' } });
    const other = day('failed', { failure });
    expect(await entered(before, other, { isRowNew: false })).toMatchObject({
      row: { runId: 'now' },
    });
  });

  it('of a customer that was done or refused stays where its answer could not be stored', async () => {
    const unkept = day('failed', { failure: notStored });
    const answered = { outcome: 'usage', ownOutcome: 'usage', isRowNew: false } as const;
    for (const outcome of ['usage', 'noUsage'] as const) {
      expect((await entered({ outcome }, unkept, { outcome: 'usage' })).recapturesFailed).toBe(1);
    }
    const noUsage = { outcome: 'noUsage', ownOutcome: 'noUsage', isRowNew: false } as const;
    expect(await entered({ outcome: 'refused' }, unkept, noUsage)).toMatchObject({
      row: { outcome: 'refused', runId: 'earlier' },
      recapturesFailed: 1,
    });
    expect(await entered({ outcome: 'refused' }, unkept, answered)).toMatchObject({
      row: { outcome: 'failed', runId: 'now' },
    });
  });
});

describe('an anomaly of the day', () => {
  it.each([
    [undefined, true, false],
    [false, true, false],
    [true, true, true],
    [true, false, true],
    [false, false, undefined],
    [undefined, false, undefined],
  ])(
    'delivered before: %s, found now: %s, is delivered: %s',
    async (before, isAnomaly, expected) => {
      const earlier = before === undefined ? {} : { isAnomalyDelivered: before };
      const cost = { daysCovered: 1, isStale: false };
      const finding = { cost, ...(isAnomaly && { expectedCost: parseAmount('20') }) };
      const { row } = await entered(earlier, day('usage'), { finding });
      expect(row?.isAnomalyDelivered).toBe(expected);
      expect(row?.cost).toMatchObject(cost);
    },
  );

  it('keeps what caused an anomaly that was delivered', async () => {
    const earlier = { isAnomalyDelivered: true, causes: 'vm1 +5.00 EUR' };
    const { row } = await entered(earlier, day('usage'), {});
    expect(row).toMatchObject(earlier);
  });
});

describe('a row that the table refuses', () => {
  it('is replaced by one with the failure alone, and the customer has failed', async () => {
    const result = await entered(undefined, day('usage'), {}, 'figures');
    expect(result).toMatchObject({
      row: {
        outcome: 'failed',
        customerName: 'Maple Foods',
        failure: { phase: 'store', code: 'EntityTooLarge' },
      },
      outcome: 'failed',
      recapturesFailed: 0,
      events: ['snapshot.customer.failed'],
    });
    expect(result.row).not.toHaveProperty('figures');
  });

  it('is reported also where it was on the day before', async () => {
    const { row: yesterday } = await entered(undefined, day('usage'), {}, 'figures');
    if (!yesterday) throw new Error('expected a row');
    const before = { ...yesterday, snapshotDate: '2026-03-09' };
    expect((await entered(undefined, day('usage'), {}, 'figures', before)).events).toEqual([
      'snapshot.customer.failed',
    ]);
  });

  it.each([
    ['usage', 1],
    ['noUsage', 1],
    ['refused', 1],
    ['failed', 0],
  ] as const)(
    'leaves that of an earlier run with outcome %s',
    async (outcome, recapturesFailed) => {
      const result = await entered({ outcome }, day('usage'), {}, 'everything');
      expect(result).toMatchObject({
        row: { outcome, runId: 'earlier' },
        outcome,
        recapturesFailed,
      });
      expect(result.failures).toMatchObject([{ outcome: 'failed', phase: 'store' }]);
      expect(result.events).toEqual(['snapshot.customer.failed']);
    },
  );
});
