import { describe, expect, it } from 'vitest';
import { newRun } from '../../../src/snapshot/runRecord.ts';
import { type EarlierDay, settleLedger } from '../../../src/snapshot/settleLedger.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { currencyOf } from '../../../src/usage/currency.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import type { RunTrigger } from '../../../src/usage/snapshotRun.ts';
import { createNight, type Night, runOf } from '../../support/night.ts';

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
  { daysBefore = [timerOn(addDays(date, -1))], isTerminated = () => false }: Options = {},
): Promise<LedgerRow[]> {
  const run = { ...newRun({ trigger }, night.context), snapshotDate: date };
  const seen: LedgerRow[] = [];
  const onRow = (each: LedgerRow) => void seen.push(each);
  await night.clock.run(settleLedger(run, night.context, { daysBefore, onRow, isTerminated }));
  return seen;
}

interface Options {
  daysBefore?: EarlierDay[];
  isTerminated?: () => boolean;
}

const timerOn = (date: string): EarlierDay => ({ date, hasTimer: true });

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
    [
      'failed',
      row(yesterday, '0', { outcome: 'failed', cost: { daysCovered: 0, isStale: false } }),
    ],
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
    const daysBefore = ['2026-03-21', today, yesterday].map(timerOn);
    const [seen] = await settle(night, 'timer', '2026-03-22', { daysBefore });
    expect(seen?.cost).toMatchObject({ dailyCost: '60', daysCovered: 3 });
  });

  it('is that of the whole period on the first night', async () => {
    const night = createNight();
    await keep(night, row(today, '380'));
    const [seen] = await settle(night, 'timer', today, { daysBefore: [] });
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

  it('of the day before is made up for, with that day’s totals, where its last run was ended', async () => {
    const night = createNight();
    await keepSteadyMonth(night);
    await keep(night, row(today, '900'));
    await keep(night, row('2026-03-21', '920'));
    const [next] = await settle(night, 'timer', '2026-03-21');
    expect(next?.cost).toMatchObject({ dailyCost: '20', daysCovered: 1 });
    expect((await dayRow(night, today))?.cost).toMatchObject({ dailyCost: '540' });
    expect(told(night).map(({ fields }) => fields['snapshotDate'])).toEqual([today]);
    const range = { from: today, to: today };
    const totals = await Array.fromAsync(night.stores.usageByCustomer.listTotals(range));
    expect(totals).toMatchObject([{ currency: 'EUR', totalCost: '900', dailyCost: '540' }]);
  });

  it('stays open for a customer whose rows cannot be read, and for nobody else', async () => {
    const night = createNight();
    await keep(night, row(today, '380'));
    await keep(night, row(today, '5', { customerId: other }));
    failReadsOf(night, spender);
    const run = newRun({ trigger: 'timer' }, night.context);
    const seen: LedgerRow[] = [];
    const options = { onRow: (each: LedgerRow) => void seen.push(each), isTerminated: () => false };
    const settling = settleLedger({ ...run, snapshotDate: today }, night.context, {
      ...options,
      daysBefore: [timerOn(yesterday)],
    });
    expect(await night.clock.run(settling)).toContain('1 customers is left');
    expect(seen.map(({ customerId, cost }) => [customerId, cost?.dailyCost])).toEqual([
      [spender, undefined],
      [other, '5'],
    ]);
    expect(await dayRow(night)).not.toHaveProperty('cost');
  });

  it('does not keep a day from being complete', async () => {
    const night = createNight();
    const [customer] = [...night.simulator.customers()].filter(
      ({ outcome }) => outcome === 'usage',
    );
    failReadsOf(night, customer?.id);
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', customersFailed: 0 });
    expect(run.error).toContain('the daily cost of 1 customers is left to the next run');
  });

  it('is given up where nobody’s rows can be read', async () => {
    const night = createNight();
    for (let index = 0; index < 40; index++) {
      await keep(night, row(today, '380', { customerId: `customer-${index}` }));
    }
    failReadsOf(night);
    await expect(settle(night)).rejects.toThrow('out of reach');
  });

  it('is left to the next run when the process is to end', async () => {
    const night = createNight();
    for (let index = 0; index < 40; index++) {
      await keep(night, row(today, '380', { customerId: `customer-${index}` }));
    }
    let asked = 0;
    const isTerminated = () => ++asked > 10;
    await expect(settle(night, 'timer', today, { isTerminated })).rejects.toThrow('to end');
    const rows = await Array.fromAsync(night.stores.usageByDay.listDay(today));
    expect(rows.filter(({ cost }) => cost !== undefined)).toHaveLength(10);
  });
});

/** Reading the own rows of a customer, or of everybody, fails. */
function failReadsOf({ stores }: Night, customerId?: string): void {
  const { usageByCustomer } = stores;
  const listHistory = usageByCustomer.listHistory.bind(usageByCustomer);
  usageByCustomer.listHistory = (id, ...rest) => {
    if (customerId === undefined || id === customerId) throw new Error('out of reach');
    return listHistory(id, ...rest);
  };
}

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

  it('that only runs of the command line saw for days is told by the next timer', async () => {
    const night = await nightWithRise();
    await settle(night, 'cli');
    await keep(night, row('2026-03-21', '920'));
    const cliToday = { date: today, hasTimer: false };
    await settle(night, 'cli', '2026-03-21', { daysBefore: [cliToday, timerOn(yesterday)] });
    await keep(night, row('2026-03-22', '940'));
    const daysBefore = [{ date: '2026-03-21', hasTimer: false }, cliToday, timerOn(yesterday)];
    await settle(night, 'timer', '2026-03-22', { daysBefore });
    expect(told(night).map(({ fields }) => fields['snapshotDate'])).toEqual([today]);
  });

  it.each(['usage', 'noUsage'])(
    'is told of cost that vanished with its period: %s',
    async (end) => {
      const night = createNight();
      const february = { billingEndDate: '2026-03-01T00:00:00Z' };
      for (let date = '2026-02-01'; date <= '2026-03-12'; date = addDays(date, 1)) {
        const { figures, ...rest } = row(date, '0');
        if (!figures) throw new Error('expected figures');
        const total = parseAmount(String(100 * (Number(date.slice(8)) - 1)));
        const day =
          date < '2026-03-01'
            ? { ...rest, figures: { ...figures, ...february, totalCost: total } }
            : end === 'usage'
              ? { ...rest, figures }
              : { ...rest, outcome: 'noUsage' as const };
        await keep(night, day);
        await settle(night, 'timer', date);
      }
      expect(told(night)).toMatchObject([{ fields: { dailyCost: 0, customerId: spender } }]);
    },
  );

  it('is told of each customer, or said by its row to be untold, where another fails', async () => {
    const night = createNight();
    const ids = Array.from(
      { length: 130 },
      (_, index) => `customer-${String(index).padStart(3, '0')}`,
    );
    for (let date = '2026-03-02'; date <= today; date = addDays(date, 1)) {
      const total = date === today ? '900' : String(20 * (Number(date.slice(8)) - 1));
      const rows = ids.map((customerId) => row(date, total, { customerId }));
      await night.stores.usageByDay.upsertDay(rows);
      for (const each of rows) await night.stores.usageByCustomer.upsertCustomer([each]);
    }
    failReadsOf(night, ids.at(-1));
    await settle(night);
    expect(told(night)).toHaveLength(129);
    expect(await dayRow(night, today, ids.at(-1))).not.toHaveProperty('isAnomalyDelivered');
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
