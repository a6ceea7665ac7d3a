import { describe, expect, it } from 'vitest';
import { anniversaryDay } from '../../../src/simulator/customer.ts';
import type { ExpectedCustomer } from '../../../src/simulator/expectation.ts';
import { runCatchUp } from '../../../src/snapshot/catchUp.ts';
import { computeDailyCosts, computePeriods } from '../../../src/usage/history.ts';
import { createNight, type Night } from '../../support/night.ts';

/** The UTC date on which the legacy periods of a partner end: at 07:00, Pacific midnight. */
const endDate = `2026-04-${String(anniversaryDay(1)).padStart(2, '0')}`;
const at = (time: string) => `${endDate}T${time}Z`;
const unavailable = { status: 503, body: '' };
const noUsage = {
  status: 404,
  body: JSON.stringify({ code: 3000, description: 'Customer does not have usage data.' }),
};

async function turnTo(night: Night, instant: string): Promise<void> {
  await night.clock.advance(Date.parse(instant) - night.clock.now());
}

/** What is in the tables of a date: totals by customer and by subscription. */
async function totalsOf(night: Night, customer: ExpectedCustomer, date = endDate) {
  const { usageByCustomer } = night.stores;
  const row = await usageByCustomer.getCustomerSnapshot(customer.id, date);
  const ids = row?.subscriptionIds ?? [];
  const own = await usageByCustomer.listSubscriptionSnapshots(customer.id, ids, date);
  const day = (await night.day(date)).get(customer.id);
  return {
    outcome: day?.outcome,
    inLedger: day?.figures?.totalCost,
    customer: row?.figures?.totalCost,
    subscriptions: own.map(({ subscriptionId, figures }) => [subscriptionId, figures?.totalCost]),
  };
}

/** What they have to hold of a customer, as it was shown. */
function totalsShown(customer: ExpectedCustomer) {
  return {
    outcome: 'usage',
    inLedger: customer.totalCost,
    customer: customer.totalCost,
    subscriptions: customer.subscriptions
      .map(({ id, totalCost }) => [id, totalCost])
      .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)),
  };
}

/** The night before two periods share a date, and what it was shown of legacy customers. */
async function nightBefore(
  overrides: (shown: ExpectedCustomer[]) => Record<string, object> = () => ({}),
) {
  const night = createNight({ customers: 60, start: at('02:30:00') });
  const shown = [...night.simulator.customers()].filter(
    ({ kind, billingEndDate }) => kind === 'legacy' && billingEndDate.endsWith('-07:00'),
  );
  const changed = [...night.simulator.customers(Date.parse(at('09:00:00')))];
  // Otherwise a test of what replaces what would see nothing.
  for (const { index, billingStartDate } of shown) {
    expect(changed[index]?.billingStartDate).not.toBe(billingStartDate);
  }
  night.simulator.overrides = overrides(shown) as typeof night.simulator.overrides;
  await night.run();
  night.simulator.overrides = {};
  return { night, shown };
}

describe('the last total of a period that ends in mid-date', () => {
  it('stays in the tables whatever runs after it, and both histories tell it', async () => {
    const { night, shown } = await nightBefore();
    expect(shown.length).toBeGreaterThan(3);
    await turnTo(night, at('09:00:00'));
    await night.run({ isForced: true });
    for (const customer of shown) {
      expect(await totalsOf(night, customer)).toEqual(totalsShown(customer));
    }
    const [one] = shown.filter(({ totalCost }) => totalCost !== '0');
    await night.clock.advance(Date.parse(at('02:30:00')) + 86_400_000 - night.clock.now());
    await night.run();
    const history = night.stores.usageByCustomer.listHistory(one?.id ?? '', {
      from: endDate,
      to: '2026-05-30',
    });
    const items = computeDailyCosts(await Array.fromAsync(history));
    expect(items.map(({ totalCost }) => totalCost)).toEqual([
      one?.totalCost,
      night.simulator.expectedCustomer(one?.id ?? '').totalCost,
    ]);
    expect(computePeriods(items)[0]).toMatchObject({ totalCost: one?.totalCost });
  });

  it('costs no request at 22:00: nobody is asked whom that cannot help', async () => {
    const { night, shown } = await nightBefore();
    await turnTo(night, at('22:00:00'));
    night.simulator.resetStatistics();
    const nextNightlyMs = (afterMs: number) => {
      const dueMs = Date.parse(`${new Date(afterMs).toISOString().slice(0, 10)}T02:30:00Z`);
      return dueMs > afterMs ? dueMs : dueMs + 86_400_000;
    };
    expect(await night.clock.run(runCatchUp({ nextNightlyMs }, night.context))).toEqual([]);
    expect(night.simulator.statistics.requests).toBe(0);
    for (const customer of shown) {
      expect(await totalsOf(night, customer)).toEqual(totalsShown(customer));
    }
  });

  it('of a customer keeps out no total of a subscription that had failed', async () => {
    const { night, shown } = await nightBefore((customers) => {
      const [customer] = customers.filter(({ subscriptions }) => subscriptions.length > 1);
      const [late] = customer?.subscriptions ?? [];
      const path = `/v1/customers/${customer?.id}/subscriptions/${late?.id}/usagesummary`;
      return { [path]: unavailable };
    });
    const [customer] = shown.filter(({ subscriptions }) => subscriptions.length > 1);
    if (!customer) throw new Error('expected a customer with two subscriptions');
    expect((await night.day()).get(customer.id)?.outcome).toBe('failed');
    await turnTo(night, at('09:00:00'));
    await night.run({ trigger: 'catchUp' });
    const [late] = customer.subscriptions;
    const now = night.simulator.expectedCustomer(customer.id).subscriptions;
    const expected = totalsShown(customer);
    // The night never saw the one that failed; the others keep what it saw.
    for (const own of expected.subscriptions) {
      if (own[0] === late?.id) own[1] = now.find(({ id }) => id === late?.id)?.totalCost ?? '';
    }
    expect(await totalsOf(night, customer)).toEqual(expected);
  });

  it('is no contradiction of the "no usage" that the next period begins with', async () => {
    const { night, shown } = await nightBefore();
    const [customer] = shown;
    if (!customer) throw new Error('expected a legacy customer');
    await turnTo(night, at('09:00:00'));
    night.simulator.overrides = {
      '/v1/customers/usagerecords': { status: 200, body: '{"items":[]}' },
      [`/v1/customers/${customer.id}/usagesummary`]: noUsage,
    };
    const result = await night.run({ isForced: true });
    expect(result).toMatchObject({ run: { status: 'complete' } });
    expect(await totalsOf(night, customer)).toEqual(totalsShown(customer));
  });

  it('gives way to nothing that names no period, and to the newest of its own', async () => {
    const { night, shown } = await nightBefore();
    const [customer] = shown;
    if (!customer) throw new Error('expected a legacy customer');
    const { id, billingStartDate, billingEndDate, totalCost } = customer;
    const summaryOf = (cost: number, dates: object) => ({
      [`/v1/customers/${id}/usagesummary`]: {
        status: 200,
        body: JSON.stringify({ id, totalCost: cost, currencyLocale: 'en-US', ...dates }),
      },
    });
    const kept = async () => (await totalsOf(night, customer)).customer;
    night.simulator.overrides = summaryOf(7, {});
    await night.run({ isForced: true });
    expect(await kept()).toBe(totalCost);
    night.simulator.overrides = summaryOf(8, { billingStartDate, billingEndDate });
    await night.run({ isForced: true });
    expect(await kept()).toBe('8');
  });
});
