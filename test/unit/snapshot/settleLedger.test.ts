import { describe, expect, it } from 'vitest';
import { newRun } from '../../../src/snapshot/runRecord.ts';
import { settleLedger } from '../../../src/snapshot/settleLedger.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { currencyOf } from '../../../src/usage/currency.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import type { RunTrigger } from '../../../src/usage/snapshotRun.ts';
import { createNight, type Night } from '../../support/night.ts';

const today = '2026-03-20';
const yesterday = '2026-03-19';
const spender = 'aaaaaaaa-0000-4000-8000-000000000001';
const other = 'bbbbbbbb-0000-4000-8000-000000000002';

/** A day of a customer whose month has cost so much. */
function row(snapshotDate: string, totalCost: string, change: Partial<LedgerRow> = {}): LedgerRow {
  return {
    resource: 'customer',
    snapshotDate,
    capturedAt: `${snapshotDate}T02:30:00.000Z`,
    runId: `run of ${snapshotDate}`,
    customerId: spender,
    customerName: 'Maple Foods',
    outcome: 'usage',
    figures: {
      plan: 'azurePlan',
      currency: 'EUR',
      totalCost: parseAmount(totalCost),
      billingStartDate: `${snapshotDate.slice(0, 7)}-01T00:00:00Z`,
      billingEndDate: '2026-04-01T00:00:00Z',
      lastModifiedDate: addDays(snapshotDate, -1),
    },
    ...change,
  };
}

/** Both of a customer's rows of a day, as a capture writes them. */
async function keep({ stores }: Night, day: LedgerRow): Promise<void> {
  await stores.usageByCustomer.upsertCustomer([day]);
  await stores.usageByDay.upsertDay([day]);
}

/** 20 a day since the 1st, with the ledger settled up to yesterday. */
async function keepSteadyMonth(night: Night): Promise<void> {
  for (let date = '2026-03-02'; date <= yesterday; date = addDays(date, 1)) {
    await keep(night, row(date, String(20 * (Number(date.slice(8)) - 1))));
    await settle(night, 'timer', date);
  }
}

async function settle(
  night: Night,
  trigger: RunTrigger = 'timer',
  date = today,
  datesBefore = [addDays(date, -1)],
): Promise<LedgerRow[]> {
  const run = { ...newRun({ trigger }, night.context), snapshotDate: date };
  const seen: LedgerRow[] = [];
  await night.clock.run(
    settleLedger(run, datesBefore, night.context, (each) => void seen.push(each)),
  );
  return seen;
}

const dayRow = (night: Night, date = today, id = spender) =>
  night.stores.usageByDay.getDay(date, id);
const told = ({ events }: Night) =>
  events.filter(({ event }) => event === 'usage.anomaly.detected');

describe('the daily cost in the ledger', () => {
  it('is the difference to the ledger of the day before', async () => {
    const night = createNight();
    await keepSteadyMonth(night);
    await keep(night, row(today, '381.5'));
    const [seen] = await settle(night);
    expect(seen?.cost).toEqual({ dailyCost: '21.5', daysCovered: 1, isStale: false });
    expect(await dayRow(night)).toEqual(seen);
  });

  it.each([
    ['was not captured', undefined],
    ['failed', row(yesterday, '0', { outcome: 'failed' })],
    ['was captured by a run that did not come to its end', row(yesterday, '360')],
  ])('is found in the customer’s own rows where the day before %s', async (_why, before) => {
    const night = createNight();
    await keepSteadyMonth(night);
    await night.stores.usageByDay.upsertDay([row(yesterday, '1', { customerId: other })]);
    const { figures, ...failed } = before ?? row(yesterday, '0');
    const instead = before?.outcome === 'failed' ? failed : before;
    night.stores.usageByDay.listDay = listWith(night, instead);
    await keep(night, row(today, '381.5'));
    const seen = await settle(night);
    expect(seen.find(({ customerId }) => customerId === spender)?.cost).toMatchObject({
      dailyCost: '21.5',
      daysCovered: 1,
    });
  });

  it('reaches over days on which nothing ran', async () => {
    const night = createNight();
    await keepSteadyMonth(night);
    await keep(night, row('2026-03-22', '420'));
    const dates = ['2026-03-21', today, yesterday];
    const [seen] = await settle(night, 'timer', '2026-03-22', dates);
    expect(seen?.cost).toMatchObject({ dailyCost: '60', daysCovered: 3 });
  });

  it('is that of the whole period on the first night', async () => {
    const night = createNight();
    await keep(night, row(today, '380'));
    const [seen] = await settle(night, 'timer', today, []);
    expect(seen?.cost).toMatchObject({ dailyCost: '380', daysCovered: 19 });
  });

  it('is computed once, and again when the day is captured once more', async () => {
    const night = createNight();
    await keepSteadyMonth(night);
    await keep(night, row(today, '380'));
    await settle(night);
    let writes = 0;
    const { upsertDay } = night.stores.usageByDay;
    night.stores.usageByDay.upsertDay = (rows, options) => {
      writes++;
      return upsertDay.call(night.stores.usageByDay, rows, options);
    };
    expect((await settle(night))[0]?.cost).toMatchObject({ dailyCost: '20' });
    expect(writes).toBe(0);
    await keep(night, row(today, '390'));
    expect((await settle(night))[0]?.cost).toMatchObject({ dailyCost: '30' });
    expect((await dayRow(night))?.cost).toMatchObject({ dailyCost: '30' });
  });

  it('is absent on a day without news, which carries on what was known', async () => {
    const night = createNight();
    await keepSteadyMonth(night);
    const { figures, ...refused } = row(today, '0', { outcome: 'refused' });
    await keep(night, refused);
    const [seen] = await settle(night);
    expect(seen?.cost).toMatchObject({ daysCovered: 0, isStale: false });
    expect(seen?.cost).not.toHaveProperty('dailyCost');
    await keep(night, row('2026-03-21', '400'));
    const [next] = await settle(night, 'timer', '2026-03-21');
    expect(next?.cost).toMatchObject({ dailyCost: '40', daysCovered: 2 });
  });
});

/** The ledger of yesterday with another row of the spender, or none. */
function listWith({ stores }: Night, instead: LedgerRow | undefined) {
  const { usageByDay } = stores;
  const listDay = usageByDay.listDay.bind(usageByDay);
  return async function* (date: string) {
    for await (const each of listDay(date)) {
      if (date !== yesterday || each.customerId !== spender) yield each;
      else if (instead) yield instead;
    }
  };
}

describe('an anomaly', () => {
  async function nightWithRise(): Promise<Night> {
    const night = createNight();
    await keepSteadyMonth(night);
    await keep(night, row(today, '900'));
    return night;
  }

  it('is told with what was expected, and never again that day', async () => {
    const night = await nightWithRise();
    await settle(night);
    expect(told(night).map(({ fields }) => fields)).toEqual([
      {
        customerId: spender,
        customerName: 'Maple Foods',
        dailyCost: 540,
        expectedCost: 20,
        currency: 'EUR',
        snapshotDate: today,
      },
    ]);
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: true });
    await settle(night);
    // Captured once more: the capture keeps what the row said of the anomaly.
    await keep(night, row(today, '950', { isAnomalyDelivered: true }));
    await settle(night);
    expect(told(night)).toHaveLength(1);
    expect(await dayRow(night)).toMatchObject({
      isAnomalyDelivered: true,
      cost: { daysCovered: 1 },
    });
  });

  it('is not told of a day in line, of one too small, nor of one nobody can judge', async () => {
    const night = createNight();
    await keepSteadyMonth(night);
    await keep(night, row(today, '381'));
    await keep(night, row(today, '5000', { customerId: other }));
    await settle(night);
    expect(told(night)).toEqual([]);
    expect(await dayRow(night)).not.toHaveProperty('isAnomalyDelivered');
    expect(await dayRow(night, today, other)).toHaveProperty('cost');
  });

  it('that the command line found is told by the next timer of the day', async () => {
    const night = await nightWithRise();
    await settle(night, 'cli');
    expect(told(night)).toEqual([]);
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: false });
    await settle(night, 'cli');
    expect(told(night)).toEqual([]);
    await settle(night, 'catchUp');
    expect(told(night)).toHaveLength(1);
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: true });
  });

  it('that the command line found is told by the timer of the next day', async () => {
    const night = await nightWithRise();
    await settle(night, 'cli');
    // The customer itself is not there any more.
    await settle(night, 'timer', '2026-03-21');
    await settle(night, 'timer', '2026-03-21');
    expect(told(night).map(({ fields }) => fields['snapshotDate'])).toEqual([today]);
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: true });
  });

  it('is told once however often runs capture the day again', async () => {
    const night = createNight({ customers: 20, start: `${today}T02:30:00Z` });
    const spending = [...night.simulator.customers()].find(
      ({ kind, totalCost, isListed }) =>
        kind === 'azurePlan' && isListed && Number(totalCost) > 500,
    );
    if (!spending) throw new Error('expected a customer of an Azure plan with cost');
    const currency = currencyOf(spending, today);
    for (let date = '2026-03-02'; date < today; date = addDays(date, 1)) {
      const { figures, ...day } = row(date, '0', { customerId: spending.id });
      if (figures) await keep(night, { ...day, figures: { ...figures, currency } });
    }
    for (const isForced of [false, true, true]) await night.run({ isForced });
    expect(told(night).map(({ fields }) => fields['customerId'])).toEqual([spending.id]);
    expect(await dayRow(night, today, spending.id)).toMatchObject({ isAnomalyDelivered: true });
  });

  it('is not told before the row says so', async () => {
    const night = await nightWithRise();
    night.stores.usageByDay.upsertDay = async () => {
      throw new Error('out of reach');
    };
    await expect(settle(night)).rejects.toThrow('out of reach');
    expect(told(night)).toEqual([]);
  });
});
