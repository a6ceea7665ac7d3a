import { describe, expect, it } from 'vitest';
import { DayFailures } from '../../../src/snapshot/dayFailures.ts';
import { DayLedger } from '../../../src/snapshot/dayLedger.ts';
import { EarlierDays } from '../../../src/snapshot/earlierDays.ts';
import type { EventFields, EventName } from '../../../src/telemetry/eventLog.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { Failure } from '../../../src/usage/usageSnapshot.ts';
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
function createFailures({ snapshotDate = date, daysBefore = 0 } = {}) {
  const events: { event: EventName; fields: EventFields }[] = [];
  const dates = Array.from({ length: daysBefore }, (_, index) => ({
    date: addDays(snapshotDate, index - daysBefore),
    isMajorityServed: true,
  }));
  const failures = new DayFailures({
    events: { emit: (event, fields) => void events.push({ event, fields }) },
    ledger: new DayLedger('run'),
    earlierDays: new EarlierDays(dates, { getDay: async () => failedDay }),
    snapshotDate,
  });
  return { failures, events };
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
