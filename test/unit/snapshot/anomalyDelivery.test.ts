import { describe, expect, it } from 'vitest';
import { deliverAnomalies } from '../../../src/snapshot/anomalyDelivery.ts';
import { DayAssessor } from '../../../src/snapshot/dayAssessor.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { currencyOf } from '../../../src/usage/currency.ts';
import { addDays } from '../../../src/usage/date.ts';
import type { CustomerSnapshot } from '../../../src/usage/usageSnapshot.ts';
import { type Night as DetailedNight, record, recordNights } from '../../support/detailedNights.ts';
import { createNight, type Night } from '../../support/night.ts';
import {
  dayOf,
  failReadsOf,
  keepSteadyMonth,
  refuseDaysOf,
  spender,
} from '../../support/recordedDays.ts';

const today = '2026-03-20';
const { signal } = new AbortController();

const delivered = ({ events }: Night) =>
  events.filter(({ event }) => event === 'usage.anomaly.detected').map(({ fields }) => fields);
const dayRow = ({ stores }: Night, id = spender) => stores.usageByDay.getDay(today, id);

/** Records a customer's day as a run does. */
async function keep({ stores, context }: Night, snapshot: CustomerSnapshot): Promise<void> {
  await stores.usageByCustomer.upsertCustomer([snapshot]);
  const assessor = new DayAssessor(context, { isFirstNight: false, signal });
  const finding = await assessor.assess(snapshot);
  const anomaly = finding.expectedCost !== undefined && { isAnomalyDelivered: false };
  await stores.usageByDay.upsertDay([{ ...snapshot, ...finding, ...anomaly }]);
}

const deliver = ({ context }: Night, from = today, to = today) =>
  deliverAnomalies({ from, to }, context, signal);

/** Somebody who spent 20 a day spends 540 at once. */
async function nightWithRise(): Promise<Night> {
  const night = createNight();
  await keepSteadyMonth(night, today);
  await keep(night, dayOf(today, '900'));
  return night;
}

describe('an anomaly', () => {
  it('is told with what was expected, and never again', async () => {
    const night = await nightWithRise();
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: false });
    await deliver(night);
    await deliver(night);
    expect(delivered(night)).toEqual([
      {
        customerId: spender,
        customerName: 'Maple Foods',
        dailyCost: 540,
        expectedCost: 20,
        currency: 'EUR',
        snapshotDate: today,
      },
    ]);
    expect(await dayRow(night)).toMatchObject({
      isAnomalyDelivered: true,
      cost: { dailyCost: '540' },
      expectedCost: '20.0000',
    });
  });

  it.each([
    ['in line', '381', {}],
    ['too small', '371', {}],
    ['that nobody can judge', '5000', { customerId: 'without a history' }],
  ])('is not found in a day %s', async (_what, total, change) => {
    const night = createNight();
    await keepSteadyMonth(night, today);
    const day = dayOf(today, total, change);
    await keep(night, day);
    expect(await dayRow(night, day.customerId)).not.toHaveProperty('isAnomalyDelivered');
    await deliver(night);
    expect(delivered(night)).toEqual([]);
  });

  it('of each day in the range is told, and of no other', async () => {
    const night = await nightWithRise();
    await deliver(night, '2026-03-21', '2026-03-25');
    expect(delivered(night)).toEqual([]);
    await deliver(night, '2026-03-01', '2026-03-25');
    expect(delivered(night)).toMatchObject([{ snapshotDate: today }]);
  });

  it.each(['usage', 'noUsage'])(
    'is told of cost that vanished with its period: %s',
    async (end) => {
      const night = createNight();
      const february = { billingEndDate: '2026-03-01T00:00:00Z' };
      for (let date = '2026-02-01'; date <= '2026-03-12'; date = addDays(date, 1)) {
        const { figures, ...rest } = dayOf(date, '0');
        if (!figures) throw new Error('expected figures');
        const total = parseAmount(String(100 * (Number(date.slice(8)) - 1)));
        const day =
          date < '2026-03-01'
            ? { ...rest, figures: { ...figures, ...february, totalCost: total } }
            : end === 'usage'
              ? { ...rest, figures }
              : { ...rest, outcome: 'noUsage' as const };
        await keep(night, day);
      }
      await deliver(night, '2026-02-01', '2026-03-31');
      expect(delivered(night)).toMatchObject([
        { dailyCost: 0, customerId: spender, currency: 'EUR' },
      ]);
    },
  );

  it('is told of every customer, more than one write of rows holds', async () => {
    const night = createNight();
    const ids = Array.from({ length: 130 }, (_, index) => `customer-${1_000 + index}`);
    for (const customerId of ids) {
      await keepSteadyMonth(night, today, { customerId });
      await keep(night, dayOf(today, '900', { customerId }));
    }
    await deliver(night);
    expect(delivered(night).map((fields) => fields['customerId'])).toEqual(ids);
  });

  it('is told with what caused it, which the row keeps', async () => {
    const night = createNight();
    const nights: DetailedNight[] = [];
    for (let date = '2026-03-02'; date < today; date = addDays(date, 1)) {
      const total = String(20 * (Number(date.slice(8)) - 1));
      nights.push({ date, plans: [{ records: [record('vm1', total)] }] });
    }
    nights.push({
      date: today,
      plans: [{ records: [record('vm1', '380'), record('vm2', '520')] }],
    });
    await recordNights(night.stores, nights);
    const row = await dayRow(night);
    if (!row) throw new Error('expected a row');
    await night.stores.usageByDay.upsertDay([{ ...row, isAnomalyDelivered: false }]);
    await deliver(night);
    const causes = 'vm2 (Microsoft.Compute/virtualMachines, Prod) +520.00 EUR';
    expect(delivered(night)).toMatchObject([{ dailyCost: 540, causes }]);
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: true, causes });
  });

  it('is told where what caused it cannot be read', async () => {
    const night = await nightWithRise();
    night.stores.usageByDay.getDay = async () => {
      throw new Error('out of reach');
    };
    await deliver(night);
    expect(delivered(night)).toMatchObject([{ dailyCost: 540 }]);
    expect(delivered(night)[0]?.['causes']).toBeUndefined();
  });

  it('is not told before the row says so', async () => {
    const night = await nightWithRise();
    night.stores.usageByDay.upsertDay = async () => {
      throw new Error('no room');
    };
    await expect(deliver(night)).rejects.toThrow('no room');
    expect(delivered(night)).toEqual([]);
  });

  it('is told of all but those whose rows the table refuses, which are left', async () => {
    const night = createNight();
    const ids = Array.from({ length: 130 }, (_, index) => `customer-${1_000 + index}`);
    for (const customerId of ids) {
      await keepSteadyMonth(night, today, { customerId });
      await keep(night, dayOf(today, '900', { customerId }));
    }
    refuseDaysOf(night, 'customer-1007');
    await expect(deliver(night)).rejects.toThrow('too large');
    const others = ids.filter((id) => id !== 'customer-1007');
    expect(delivered(night).map((fields) => fields['customerId'])).toEqual(others);
    expect(await dayRow(night, 'customer-1007')).toMatchObject({ isAnomalyDelivered: false });
  });

  it('waits where the run is to end', async () => {
    const night = await nightWithRise();
    const ended = AbortSignal.abort(new Error('to end'));
    const range = { from: today, to: today };
    await expect(deliverAnomalies(range, night.context, ended)).rejects.toThrow('to end');
    expect(delivered(night)).toEqual([]);
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: false });
  });

  it('waits where what was expected cannot be read', async () => {
    const night = await nightWithRise();
    const { listHistory } = night.stores.usageByCustomer;
    failReadsOf(night, spender);
    await expect(deliver(night)).rejects.toThrow('out of reach');
    expect(await dayRow(night)).toMatchObject({ isAnomalyDelivered: false });
    night.stores.usageByCustomer.listHistory = listHistory;
    await deliver(night);
    expect(delivered(night)).toHaveLength(1);
  });
});

describe('an anomaly of a night', () => {
  /** A night in which a customer of the simulator that never spent has spent. */
  async function nightWithSpender(): Promise<Night & { id: string }> {
    const night = createNight({ customers: 20, start: `${today}T02:30:00Z` });
    const spending = [...night.simulator.customers()].find(
      ({ kind, totalCost, isListed }) =>
        kind === 'azurePlan' && isListed && Number(totalCost) > 500,
    );
    if (!spending) throw new Error('expected a customer of an Azure plan with cost');
    const currency = currencyOf(spending, today);
    for (let date = '2026-03-02'; date < today; date = addDays(date, 1)) {
      const { figures, ...day } = dayOf(date, '0', { customerId: spending.id });
      if (!figures) throw new Error('expected figures');
      await night.stores.usageByCustomer.upsertCustomer([
        { ...day, figures: { ...figures, currency } },
      ]);
    }
    return { ...night, id: spending.id };
  }

  it('is told once however often runs capture the day again', async () => {
    const night = await nightWithSpender();
    for (const isForced of [false, true, true]) await night.run({ isForced });
    expect(delivered(night).map((fields) => fields['customerId'])).toEqual([night.id]);
    expect(await dayRow(night, night.id)).toMatchObject({ isAnomalyDelivered: true });
  });

  it('that the command line found is told by the next timer', async () => {
    const night = await nightWithSpender();
    await night.run({ trigger: 'cli' });
    await night.run({ trigger: 'cli', isForced: true });
    expect(delivered(night)).toEqual([]);
    expect(await dayRow(night, night.id)).toMatchObject({ isAnomalyDelivered: false });
    await night.run({ trigger: 'catchUp' });
    expect(delivered(night)).toHaveLength(1);
  });

  it('that the command line found is told by the timer of a later day', async () => {
    const night = await nightWithSpender();
    await night.run({ trigger: 'cli' });
    await night.clock.advance(2 * 86_400_000);
    await night.run();
    const days = delivered(night).filter((fields) => fields['customerId'] === night.id);
    expect(days).toMatchObject([{ snapshotDate: today }]);
  });
});
