import { describe, expect, it } from 'vitest';
import { DayFailures } from '../../../src/snapshot/dayFailures.ts';
import { DayLedger } from '../../../src/snapshot/dayLedger.ts';
import { EarlierDays } from '../../../src/snapshot/earlierDays.ts';
import type { EventFields, EventName } from '../../../src/telemetry/eventLog.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { Failure, Outcome } from '../../../src/usage/usageSnapshot.ts';
import { dayOf, spender } from '../../support/recordedDays.ts';

const date = '2026-03-10';
const failure: Failure = {
  phase: 'summary',
  status: 500,
  code: 'HTTP_500',
  message: 'out of order',
};
const failedDay = dayOf(date, '0', { outcome: 'failed', failure });

/** What fails on a date, after so many days on which everybody has failed. */
function createFailures({ snapshotDate = date, daysBefore = 0, before = failedDay } = {}) {
  const events: { event: EventName; fields: EventFields }[] = [];
  const dates = Array.from({ length: daysBefore }, (_, index) => ({
    date: addDays(snapshotDate, index - daysBefore),
    isMajorityServed: true,
  }));
  const ledger = new DayLedger('run');
  const failures = new DayFailures({
    events: { emit: (event, fields) => void events.push({ event, fields }) },
    ledger,
    earlierDays: new EarlierDays(dates, { getDay: async () => before }),
    snapshotDate,
  });
  return { failures, events, ledger };
}

describe('what fails on a day', () => {
  it('is listed up to a thousand times', async () => {
    const { failures } = createFailures();
    for (let count = 0; count < 1001; count++) {
      await failures.report({ ...failedDay, customerId: `customer ${count}` }, false);
    }
    expect(failures.list).toHaveLength(1000);
    expect(failures.list.at(-1)).toEqual({
      customerId: 'customer 999',
      customerName: 'Maple Foods',
      outcome: 'failed',
      ...failure,
    });
  });

  it('is a currency that the code does not name, with what the API said of it', async () => {
    const { failures, events } = createFailures();
    const known = dayOf(date, '5');
    await failures.report(known, false);
    expect(events).toEqual([]);
    const figures = { ...known.figures, currency: 'XXX', currencyCode: 'EURO' };
    await failures.report({ ...known, figures } as typeof known, false);
    const fields = { customerId: spender, currencyCode: 'EURO' };
    expect(events).toEqual([{ event: 'snapshot.currency.unknown', fields }]);
  });

  it('is reported once a week of a customer who has failed for longer than is known', async () => {
    const reported: EventFields[] = [];
    for (let day = 0; day < 7; day++) {
      const snapshotDate = addDays(date, day);
      const { failures, events } = createFailures({ snapshotDate, daysBefore: 40 });
      await failures.report(failedDay, false);
      await failures.reportFailing(false);
      for (const { event, fields } of events) {
        expect(event).toBe('snapshot.customer.failing');
        reported.push(fields);
      }
    }
    expect(reported).toMatchObject([
      { customerId: spender, customerName: 'Maple Foods', days: 35 },
    ]);
  });
});

describe('a customer that is refused', () => {
  const refusal: Failure = { phase: 'summary', status: 403, code: '900308', message: 'forbidden' };
  const refused = dayOf(date, '0', { outcome: 'refused', failure: refusal });

  it('is reported on the first day of the same answer, and by one run of a day', async () => {
    const other = { ...refused, failure: { ...refusal, status: 404 } };
    const reportedAfter = async (before: typeof refused, earlierRun?: Outcome) => {
      const { failures, events, ledger } = createFailures({ daysBefore: 1, before });
      if (earlierRun) ledger.enter(spender, earlierRun);
      await failures.report(refused, true);
      expect(failures.list).toHaveLength(1);
      return events.length;
    };
    expect(await reportedAfter(failedDay)).toBe(1);
    expect(await reportedAfter(other)).toBe(1);
    expect(await reportedAfter(refused)).toBe(0);
    expect(await reportedAfter(other, 'refused')).toBe(0);
    expect(await reportedAfter(other, 'failed')).toBe(1);
  });

  it('is none of those that fail for good, whatever it did before', async () => {
    const { failures, events, ledger } = createFailures({ daysBefore: 5 });
    await failures.report(refused, false);
    expect(ledger.failing.size).toBe(0);
    expect(events).toMatchObject([
      { event: 'snapshot.customer.failed', fields: { customerId: spender, outcome: 'refused' } },
    ]);
  });

  it('beside its usage is listed as refused, and not reported', async () => {
    const { failures, events } = createFailures();
    await failures.report(dayOf(date, '5', { failure: refusal }), false);
    expect(failures.list).toMatchObject([{ customerId: spender, outcome: 'refused' }]);
    expect(events).toEqual([]);
  });
});

describe('customers that fail for good', () => {
  const failing = (customerId: string) => ({ ...failedDay, customerId });

  it('are reported as others are where they are too many', async () => {
    const { failures, events } = createFailures({ daysBefore: 5 });
    for (let count = 0; count < 6; count++)
      await failures.report(failing(`customer ${count}`), false);
    expect(events).toEqual([]);
    await failures.reportFailing(false);
    expect(events).toHaveLength(6);
    expect(events[0]).toEqual({
      event: 'snapshot.customer.failed',
      fields: { customerId: 'customer 0', outcome: 'failed', ...failure },
    });
  });

  it('are reported from the third day on, once a day', async () => {
    const reportedAfter = async (daysBefore: number, isReminded: boolean) => {
      const { failures, events } = createFailures({ daysBefore });
      await failures.report(failedDay, false);
      await failures.reportFailing(isReminded);
      return events.map(({ event }) => event);
    };
    expect(await reportedAfter(1, false)).toEqual(['snapshot.customer.failed']);
    expect(await reportedAfter(2, false)).toEqual(['snapshot.customer.failing']);
    expect(await reportedAfter(2, true)).toEqual([]);
    expect(await reportedAfter(3, false)).toEqual([]);
    expect(await reportedAfter(9, false)).toEqual(['snapshot.customer.failing']);
  });

  it('are none any more once they are served', async () => {
    const { failures, ledger } = createFailures({ daysBefore: 5 });
    await failures.report(failedDay, false);
    expect(ledger.failing.size).toBe(1);
    await failures.report(dayOf(date, '5'), false);
    expect(ledger.failing.size).toBe(0);
  });
});

describe('a list of subscriptions that is refused', () => {
  const listRefusal: Failure = {
    phase: 'subscriptions',
    status: 403,
    code: '900308',
    message: 'forbidden',
  };
  const customer = dayOf(date, '5');
  const judge = (before: Partial<Failure> | undefined) => {
    const row = dayOf(date, '5', before ? { failure: { ...listRefusal, ...before } } : {});
    const { failures } = createFailures({ daysBefore: 1, before: row });
    return failures.judgeList({ customer, subscriptions: [], listRefusal });
  };
  const capture = { customer, subscriptions: [] };

  it('has failed on its first day, so that it is asked for again', async () => {
    const failed = { ...capture, listFailure: listRefusal };
    expect(await judge(undefined)).toEqual(failed);
    expect(await judge({ phase: 'summary' })).toEqual(failed);
    expect(await judge({ status: 500 })).toEqual(failed);
  });

  it('has failed on the first night', async () => {
    const { failures } = createFailures();
    expect(await failures.judgeList({ ...capture, listRefusal })).toEqual({
      ...capture,
      listFailure: listRefusal,
    });
  });

  it('is a refusal where it was one on the recorded day before', async () => {
    expect(await judge({})).toEqual({ ...capture, listRefusal });
    expect(await judge({ status: 404, code: '404' })).toEqual({ ...capture, listRefusal });
  });

  it('that is not refused is taken as it is', async () => {
    const { failures } = createFailures();
    expect(await failures.judgeList(capture)).toBe(capture);
  });
});

it('failures of single subscriptions are listed, each with its own', () => {
  const { failures } = createFailures();
  const { snapshotDate, capturedAt, runId, customerName } = dayOf(date, '5');
  const own = { resource: 'subscription', snapshotDate, capturedAt, runId } as const;
  const names = { customerId: spender, customerName, subscriptionName: 'Azure' };
  failures.noteSubscriptions({
    customer: dayOf(date, '5'),
    subscriptions: [
      { ...own, ...names, subscriptionId: 'a', outcome: 'noUsage' },
      { ...own, ...names, subscriptionId: 'b', outcome: 'failed', failure },
    ],
  });
  expect(failures.list).toEqual([
    {
      customerId: spender,
      customerName: 'Maple Foods',
      subscriptionId: 'b',
      outcome: 'failed',
      ...failure,
    },
  ]);
});
