import { describe, expect, it } from 'vitest';
import type { SimulatorAnswer } from '../../../src/simulator/exchange.ts';
import type { ExpectedCustomer } from '../../../src/simulator/expectation.ts';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import fixtureCustomerLegacy from '../../fixtures/partner-center/customer-usagesummary-145P.json' with {
  type: 'json',
};
import fixtureCustomerPlan from '../../fixtures/partner-center/customer-usagesummary-azureplan.json' with {
  type: 'json',
};
import fixtureRecords from '../../fixtures/partner-center/customers-usagerecords.json' with {
  type: 'json',
};
import fixturePartner from '../../fixtures/partner-center/partner-usagesummary.json' with {
  type: 'json',
};
import fixtureSubscriptionLegacy from '../../fixtures/partner-center/subscription-usagesummary-145P.json' with {
  type: 'json',
};
import fixtureSubscriptionPlan from '../../fixtures/partner-center/subscription-usagesummary-azureplan.json' with {
  type: 'json',
};
import fixtureSubscriptionRecords from '../../fixtures/partner-center/subscriptions-usagerecords-145P.json' with {
  type: 'json',
};
import fixturePlanRecords from '../../fixtures/partner-center/subscriptions-usagerecords-azureplan.json' with {
  type: 'json',
};
import { bodyOf, signIn, TestClock } from './session.ts';

/** The literal of a number in a body's text. */
const literal = (body: SimulatorAnswer['body'], name: string) =>
  new RegExp(`"${name}":(-?[\\d.]+)`).exec(body.toString())?.[1];

const keys = (value: object = {}) => Object.keys(value).sort();

function first(
  customers: Iterable<ExpectedCustomer>,
  test: (customer: ExpectedCustomer) => boolean,
): ExpectedCustomer {
  for (const customer of customers) if (test(customer)) return customer;
  throw new Error('none of them is so');
}

/** Exact sum in units of 10^-20, apart from the code under test. */
function sum(literals: string[]): bigint {
  return literals.reduce((total, each) => {
    const [whole = '', fraction = ''] = each.split('.');
    return total + BigInt(whole + fraction.padEnd(20, '0'));
  }, 0n);
}

describe('usage figures', () => {
  it('are served to the digit as expected, for every customer and subscription', () => {
    const { simulator, get } = signIn({ customers: 100 });
    for (const customer of simulator.customers()) {
      const base = `/v1/customers/${customer.id}`;
      const { body, status } = get(`${base}/usagesummary`);
      if (customer.kind === 'licensesOnly') {
        expect(bodyOf({ body }).code).toBe(3000);
        expect(status).toBe(customer.index % 2 === 0 ? 404 : 400);
        continue;
      }
      expect(literal(body, 'totalCost')).toBe(customer.totalCost);
      expect(literal(body, 'usdTotalCost')).toBe(customer.usdTotalCost);
      expect(literal(body, 'amount')).toBe(customer.budgetAmount);
      expect(bodyOf({ body }).billingStartDate).toBe(customer.billingStartDate);
      expect(sum(customer.subscriptions.map((each) => each.totalCost))).toBe(
        sum([customer.totalCost]),
      );
      for (const own of customer.subscriptions) {
        const summary = get(`${base}/subscriptions/${own.id.toUpperCase()}/usagesummary`);
        expect(literal(summary.body, 'totalCost')).toBe(own.totalCost);
        expect(bodyOf(summary).resourceId.toLowerCase()).toBe(own.id);
      }
    }
  });

  it('are the exact sum of the days of the billing period up to yesterday', () => {
    const { simulator } = signIn({ customers: 40 });
    for (const customer of simulator.customers('2026-03-31T12:00:00Z')) {
      const literals: string[] = [];
      const day = new Date(customer.billingStartDate.slice(0, 10));
      for (; day.toISOString() < '2026-03-31'; day.setUTCDate(day.getUTCDate() + 1)) {
        literals.push(simulator.expectedDailyCost(customer.id, day.toISOString().slice(0, 10)));
      }
      expect(sum([customer.totalCost])).toBe(sum(literals));
    }
  });

  it('begin at 0 on the first day of a period and never shrink within it', () => {
    const { simulator } = signIn();
    const plan = first(
      simulator.customers(),
      (each) => each.kind === 'azurePlan' && each.totalCost !== '0',
    );
    let last = 0n;
    for (let day = 1; day <= 30; day++) {
      const at = `2026-04-${String(day).padStart(2, '0')}`;
      const { totalCost } = simulator.expectedCustomer(plan.id, at);
      if (day === 1) expect(totalCost).toBe('0');
      else expect(sum([totalCost])).toBeGreaterThan(last);
      last = sum([totalCost]);
    }
    expect(simulator.expectedCustomer(plan.id, '2026-05-01').totalCost).toBe('0');
  });

  it('carry up to 20 digits after the point, and float noise', () => {
    const all = [...createSimulator({ clock: new TestClock(), customers: 200 }).customers()];
    const totals = all.flatMap((each) => each.subscriptions.map(({ totalCost }) => totalCost));
    expect(totals.some((total) => /\.\d{20}$/.test(total))).toBe(true);
    expect(totals.some((total) => /\.\d{4}9{8}\d*$|\.\d{3,4}9{8,}\d*$/.test(total))).toBe(true);
    expect(totals.some((total) => /\.\d{1,6}$/.test(total))).toBe(true);
  });

  it('agree between the usage records and the summaries', () => {
    const { simulator, get } = signIn({ customers: 60 });
    const { body } = get('/v1/customers/usagerecords');
    const items = body.toString().split('{"budget"').slice(1);
    const expected = [...simulator.customers()].filter((each) => each.hasUsageRecord);
    expect(items.map((item) => literal(item, 'totalCost'))).toEqual(
      expected.map((each) => each.totalCost),
    );
    expect(items.map((item) => literal(item, 'percentUsed'))).toEqual(
      expected.map((each) => each.percentUsed),
    );
    const records = expected.map((each) => {
      const answer = get(`/v1/customers/${each.id}/subscriptions/usagerecords`);
      return bodyOf(answer).items.map(({ id }) => id.toLowerCase());
    });
    expect(records).toEqual(expected.map((each) => each.subscriptions.map(({ id }) => id)));
  });

  it('round percentUsed to 2 digits and do not cap it', () => {
    const all = [
      ...createSimulator({
        clock: new TestClock('2026-03-28T02:30:00Z'),
        customers: 400,
      }).customers(),
    ];
    const budgeted = all.filter(
      (each) => each.budgetAmount !== undefined && each.totalCost !== '0',
    );
    for (const { percentUsed, totalCost, budgetAmount } of budgeted) {
      const percent = (Number(totalCost) * 100) / Number(budgetAmount);
      expect(Math.abs(Number(percentUsed) - percent)).toBeLessThanOrEqual(0.005_000_1);
      expect(percentUsed).toMatch(/^\d+(\.\d{1,2})?$/);
    }
    expect(budgeted.some(({ percentUsed }) => Number(percentUsed) > 100)).toBe(true);
    expect(
      all
        .filter((each) => each.budgetAmount === undefined)
        .every((each) => each.percentUsed === '0'),
    ).toBe(true);
  });

  it('have the shapes of the documented bodies', () => {
    const { simulator, get } = signIn();
    const all = [...simulator.customers()];
    const legacy = first(all, (each) => each.kind === 'legacy');
    const plan = first(all, (each) => each.kind === 'azurePlan');
    const summary = (customer: ExpectedCustomer, path = '') =>
      bodyOf(get(`/v1/customers/${customer.id}${path}/usagesummary`));
    const ofSubscription = (customer: ExpectedCustomer) =>
      summary(customer, `/subscriptions/${customer.subscriptions[0]?.id}`);
    const records = (customer: ExpectedCustomer) =>
      bodyOf(get(`/v1/customers/${customer.id}/subscriptions/usagerecords`)).items[0];
    // The sample leaves out what Microsoft's SDKs and its swagger have in every summary.
    const withResource = { ...fixtureCustomerLegacy, resourceId: '', resourceName: '' };
    expect(keys(summary(legacy))).toEqual(keys(withResource));
    expect(keys(summary(plan))).toEqual(keys(fixtureCustomerPlan));
    expect(keys(ofSubscription(legacy))).toEqual(keys(fixtureSubscriptionLegacy));
    expect(keys(ofSubscription(plan))).toEqual(keys(fixtureSubscriptionPlan));
    expect(keys(records(legacy))).toEqual(keys(fixtureSubscriptionRecords.items[0] ?? {}));
    expect(keys(records(plan))).toEqual(keys(fixturePlanRecords.items[0] ?? {}));
    expect(keys(bodyOf(get('/v1/usagesummary')))).toEqual(keys(fixturePartner));
    const { items } = bodyOf(get('/v1/customers/usagerecords'));
    const [legacyRecord = {}, planRecord = {}] = fixtureRecords.items;
    expect(keys(items.find((item) => !item.isUpgraded))).toEqual(keys(legacyRecord));
    expect(keys(items.find((item) => item.isUpgraded))).toEqual(keys(planRecord));
  });

  it('name a legacy customer by id and by resource alike', () => {
    const { simulator, get } = signIn();
    const { id, name } = first(simulator.customers(), (each) => each.kind === 'legacy');
    const upper = id.toUpperCase();
    expect(bodyOf(get(`/v1/customers/${id}/usagesummary`))).toMatchObject({
      id: upper,
      resourceId: upper,
      name,
      resourceName: name,
    });
  });

  it('leave the amount out where there is no budget', () => {
    const { simulator, get } = signIn();
    const { id } = first(
      simulator.customers(),
      (each) => each.kind === 'azurePlan' && each.budgetAmount === undefined,
    );
    expect(bodyOf(get(`/v1/customers/${id}/usagesummary`)).budget).toEqual({
      attributes: { objectType: 'SpendingBudget' },
    });
  });

  it('of the partner are those of its legacy customers in its own currency', () => {
    const { simulator, get } = signIn({ customers: 100 });
    const { body } = get('/v1/usagesummary');
    const { currencyLocale } = bodyOf({ body });
    const legacy = [...simulator.customers()].filter(({ kind }) => kind === 'legacy');
    const own = legacy.filter((each) => each.currencyLocale === currencyLocale);
    expect(own.length).toBeGreaterThan(0);
    expect(sum([literal(body, 'totalCost') ?? ''])).toBe(sum(own.map((each) => each.totalCost)));
    expect(bodyOf({ body }).customersWithUsageBasedSubscription).toBe(legacy.length);
    expect(simulator.expectedPartner().totalCost).toBe(literal(body, 'totalCost'));
  });

  it("are nobody else's: unknown customers and subscriptions are not found", () => {
    const { simulator, get } = signIn();
    const code = (path: string) => bodyOf(get(path)).code;
    const plan = first(simulator.customers(), (each) => each.kind === 'azurePlan');
    const stranger = '00000000-0000-4000-8000-000000000000';
    expect(code(`/v1/customers/${stranger}/usagesummary`)).toBe(60003);
    expect(code('/v1/customers/nobody/usagesummary')).toBe(900118);
    expect(code(`/v1/customers/${plan.id}/subscriptions/${stranger}/usagesummary`)).toBe(20003);
    expect(get(`/customers/${plan.id}/usagesummary`).status).toBe(404);
    expect(get(`/v1//v1/customers`).status).toBe(404);
  });
});
