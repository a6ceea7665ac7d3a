import { describe, expect, it } from 'vitest';
import type { ExpectedDepth } from '../../../src/simulator/depthExpectation.ts';
import type { ExpectedCustomer } from '../../../src/simulator/expectation.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import fixtureMeters from '../../fixtures/partner-center/meterusagerecords-azureplan.json' with {
  type: 'json',
};
import fixtureResources from '../../fixtures/partner-center/resourceusagerecords-a.json' with {
  type: 'json',
};
import fixtureLegacyMeters from '../../fixtures/partner-center/usagerecords-resources-145P.json' with {
  type: 'json',
};
import { costsOf, readRecords, sum } from './depthRecords.ts';
import { bodyOf, signIn } from './session.ts';

const instants = ['2026-03-01', '2026-03-02', '2026-03-17', '2026-03-31', '2026-04-01'].map(
  (date) => `${date}T02:30:00Z`,
);

/** Outlasts every turn of the clock. */
const lastingToken = { accessTokenLifetimeSeconds: 90 * 86_400 };

function* subscriptionsOf(simulator: Simulator, at?: string) {
  for (const customer of simulator.customers(at)) {
    for (const own of customer.subscriptions) yield { customer, own };
  }
}

const pathOf = ({ id }: ExpectedCustomer, own: { id: string }, name: string) =>
  `/v1/customers/${id}/subscriptions/${own.id}/${name}`;

function firstOf(simulator: Simulator, kind: ExpectedCustomer['kind']) {
  for (const each of subscriptionsOf(simulator)) {
    if (each.customer.kind === kind && each.own.totalCost !== '0') return each;
  }
  throw new Error(`there is no ${kind}`);
}

const byUri = ({ resources }: ExpectedDepth) =>
  new Map(resources.map(({ uri, totalCost }) => [uri ?? '', totalCost]));

describe('the records of resources and meters', () => {
  it('add up to the summary to the digit, at any time of a period', () => {
    const { simulator, get, clock } = signIn({ customers: 60, signIn: lastingToken });
    let records = 0;
    for (const at of instants) {
      clock.turnTo(at);
      for (const { customer, own } of subscriptionsOf(simulator)) {
        const isPlan = customer.kind === 'azurePlan';
        const names = [
          'meterusagerecords',
          isPlan ? 'resourceusagerecords' : 'usagerecords/resources',
        ];
        for (const name of names) {
          const { items, totalCount } = readRecords(get(pathOf(customer, own, name)));
          expect(costsOf(items)).toBe(sum([own.totalCost]));
          expect(Number(totalCount)).toBe(items.length);
          const isDated = name !== 'usagerecords/resources';
          const dates = new Set(items.map(({ lastModifiedDate }) => lastModifiedDate));
          const hasItems = items.length > 0;
          expect([...dates]).toEqual(hasItems ? [isDated ? own.lastModifiedDate : undefined] : []);
          records += items.length;
        }
      }
    }
    expect(records).toBeGreaterThan(1000);
  });

  it('are expected as they are shown', () => {
    const { simulator, get } = signIn({ customers: 40 });
    for (const { customer, own } of subscriptionsOf(simulator)) {
      const depth = simulator.expectedDepth(customer.id, own.id.toUpperCase());
      const { billingStartDate, billingEndDate } = customer;
      expect(depth).toMatchObject({ billingStartDate, billingEndDate, totalCost: own.totalCost });
      const meters = readRecords(get(pathOf(customer, own, 'meterusagerecords'))).items;
      const isPlan = customer.kind === 'azurePlan';
      expect(
        meters.map((each) => [isPlan ? each.meterId : each.id, each.quantityUsed, each.totalCost]),
      ).toEqual(
        depth.meters.map((each) => [
          isPlan ? each.meterId : each.id,
          each.quantity,
          each.totalCost,
        ]),
      );
      if (!isPlan) {
        expect(depth.resources).toEqual([]);
        continue;
      }
      const { items } = readRecords(get(pathOf(customer, own, 'resourceusagerecords')));
      expect(new Map(items.map((each) => [each.resourceUri, each.totalCost]))).toEqual(
        byUri(depth),
      );
      const owners = Map.groupBy(items, ({ entitlementId }) => entitlementId);
      for (const { id, name, totalCost } of depth.azureSubscriptions) {
        const own = owners.get(id) ?? [];
        expect(costsOf(own)).toBe(sum([totalCost]));
        expect(new Set(own.map((each) => each.entitlementName))).toEqual(new Set([name]));
      }
      expect(depth.azureSubscriptions).toHaveLength(owners.size);
    }
  });

  it('have the fields of the documented ones', () => {
    const { simulator, get } = signIn();
    const plan = firstOf(simulator, 'azurePlan');
    const legacy = firstOf(simulator, 'legacy');
    const keys = (value: object = {}) => Object.keys(value).sort();
    const keysOf = ({ customer, own }: typeof plan, name: string) =>
      keys(readRecords(get(pathOf(customer, own, name))).items[0]);
    expect(keysOf(plan, 'resourceusagerecords')).toEqual(keys(fixtureResources.items[0]));
    expect(keysOf(plan, 'meterusagerecords')).toEqual(keys(fixtureMeters.items[0]));
    const legacyKeys = keys(fixtureLegacyMeters.items[0]);
    expect(keysOf(legacy, 'usagerecords/resources')).toEqual(legacyKeys);
    expect(keysOf(legacy, 'meterusagerecords')).toEqual([...legacyKeys, 'lastModifiedDate'].sort());
    const path = pathOf(plan.customer, plan.own, 'resourceusagerecords');
    expect(readRecords(get(path)).links.self.uri).toBe(path.replace('/v1', ''));
  });

  it('name resources by ids of Azure Resource Manager, 5 to 60 in up to 4 Azure subscriptions', () => {
    const { simulator, get, clock } = signIn({ customers: 100, signIn: lastingToken });
    clock.turnTo('2026-03-31T02:30:00Z');
    const types = new Set<string>();
    const counts: number[] = [];
    const owners: number[] = [];
    for (const { customer, own } of subscriptionsOf(simulator)) {
      if (customer.kind !== 'azurePlan') continue;
      const { items } = readRecords(get(pathOf(customer, own, 'resourceusagerecords')));
      for (const each of items) {
        expect(each.resourceUri).toMatch(
          /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w-]+\/providers\/Microsoft\.\w+(\/\w+\/\w+)+$/,
        );
        const [, , id, , group, , provider, ...rest] = each.resourceUri?.split('/') ?? [];
        expect([id, group, provider, rest.at(-1), rest.at(-1)]).toEqual([
          each.entitlementId,
          each.resourceGroupName,
          each.resourceType,
          each.name,
          each.resourceName,
        ]);
        types.add(`${provider}/${rest.filter((_, at) => at % 2 === 0).join('/')}`);
      }
      counts.push(items.length);
      owners.push(new Set(items.map(({ entitlementId }) => entitlementId)).size);
    }
    expect(types.size).toBeGreaterThanOrEqual(12);
    expect([Math.min(...counts), Math.max(...owners), Math.min(...owners)]).toEqual([5, 4, 1]);
    expect(Math.max(...counts)).toBeLessThanOrEqual(60);
    expect(Math.max(...counts)).toBeGreaterThan(50);
    // Skewed: more than half have less than the middle.
    expect(counts.filter((count) => count < 32).length).toBeGreaterThan(counts.length * 0.6);
  });

  it('have US dollars in cents, with the digits of a double', () => {
    const { simulator, get } = signIn({ customers: 40 });
    const noisy: string[] = [];
    for (const { customer, own } of subscriptionsOf(simulator)) {
      if (customer.kind !== 'azurePlan') continue;
      const { items } = readRecords(get(pathOf(customer, own, 'resourceusagerecords')));
      let usd = 0;
      for (const { usdTotalCost = '' } of items) {
        const cents = Number(usdTotalCost) * 100;
        expect(Math.abs(cents - Math.round(cents))).toBeLessThan(1e-6);
        if (usdTotalCost.length > 12) noisy.push(usdTotalCost);
        usd += Number(usdTotalCost);
      }
      expect(Math.abs(usd - Number(own.usdTotalCost))).toBeLessThanOrEqual(0.005 * items.length);
    }
    expect(noisy.length).toBeGreaterThan(100);
  });
});

describe('the resources of a plan', () => {
  it('come and go: a new one has a record from then on, a deleted one keeps its cost', () => {
    const simulator = createSimulator({ seed: 7, customers: 40 });
    const [made, deleted] = [new Set<string>(), new Set<string>()];
    for (const { customer, own } of subscriptionsOf(simulator)) {
      if (customer.kind !== 'azurePlan' || own.totalCost === '0') continue;
      let before = new Map<string, string>();
      for (let day = 2; day <= 31; day++) {
        const at = `2026-03-${String(day).padStart(2, '0')}T02:30:00Z`;
        const now = byUri(simulator.expectedDepth(customer.id, own.id, at));
        for (const [uri, totalCost] of before) {
          const grown = sum([now.get(uri) ?? '']) - sum([totalCost]);
          expect(grown).toBeGreaterThanOrEqual(0n);
          if (grown === 0n) deleted.add(uri);
          else expect(deleted).not.toContain(uri);
        }
        if (day > 2) for (const uri of now.keys()) if (!before.has(uri)) made.add(uri);
        before = now;
      }
      const next = byUri(simulator.expectedDepth(customer.id, own.id, '2026-04-10T02:30:00Z'));
      for (const uri of before.keys()) expect(next.has(uri)).toBe(!deleted.has(uri));
    }
    expect(made.size).toBeGreaterThan(10);
    expect(deleted.size).toBeGreaterThan(10);
  });

  it('are as many as an option says at the end of a period', () => {
    const simulator = createSimulator({ resourcesPerPlan: 200 });
    const { customer, own } = firstOf(simulator, 'azurePlan');
    for (const date of ['2026-02-28', '2026-03-31']) {
      expect(simulator.expectedDepth(customer.id, own.id, date).resources).toHaveLength(200);
    }
    const one = createSimulator({ resourcesPerPlan: 1 });
    const [only, ...others] = one.expectedDepth(customer.id, own.id, '2026-03-31').resources;
    expect([only?.totalCost, others]).toEqual([
      simulator.expectedDepth(customer.id, own.id, '2026-03-31').totalCost,
      [],
    ]);
    expect(() => createSimulator({ resourcesPerPlan: 0 })).toThrow(
      'expected resourcesPerPlan to be 1 or more, got 0',
    );
  });
});

describe('a burst or spike', () => {
  const plain = createSimulator({ seed: 7, customers: 60 });
  const spiky = createSimulator({ seed: 7, customers: 60, quirks: { costSpikes: true } });
  const at = '2026-03-20T12:00:00Z';
  const dates = Array.from({ length: 33 }, (_, day) =>
    new Date(Date.UTC(2026, 1, 15 + day)).toISOString().slice(0, 10),
  );
  const costs = ({ resources, meters }: ExpectedDepth) =>
    new Map([
      ...resources.map(({ uri, totalCost }) => [`${uri}`, Number(totalCost)] as const),
      ...meters.map(({ meterId, totalCost }) => [meterId, Number(totalCost)] as const),
    ]);

  it('is the cost of one resource and of one meter alone', () => {
    const spikes = { azurePlan: 0, legacy: 0, licensesOnly: 0 };
    for (const { customer, own } of subscriptionsOf(spiky, at)) {
      const added = new Map<string, number>();
      for (const date of dates) {
        if (date < customer.billingStartDate.slice(0, 10)) continue;
        const ordinary = plain.expectedSurplus(customer.id, own.id, date);
        const surplus = spiky.expectedSurplus(customer.id, own.id, date);
        if (!surplus) continue;
        if (!ordinary) spikes[customer.kind] += 1;
        const more = Number(surplus.amount) - Number(ordinary?.amount ?? 0);
        for (const each of [`${surplus.resourceUri}`, surplus.meterId]) {
          added.set(each, (added.get(each) ?? 0) + more);
        }
      }
      const before = costs(plain.expectedDepth(customer.id, own.id, at));
      const after = costs(spiky.expectedDepth(customer.id, own.id, at));
      for (const [name, cost] of after) {
        expect(cost - (before.get(name) ?? 0)).toBeCloseTo(added.get(name) ?? 0, 3);
      }
    }
    expect(spikes.azurePlan).toBeGreaterThan(3);
    expect(spikes.legacy).toBeGreaterThan(1);
  });

  it('has the same resource behind all its days', () => {
    const bursts: (string | undefined)[][] = [];
    for (const { customer, own } of subscriptionsOf(plain)) {
      // In four weeks no plan has days of two bursts.
      const uris = dates
        .slice(0, 28)
        .map((date) => plain.expectedSurplus(customer.id, own.id, date))
        .filter((surplus) => surplus !== undefined)
        .map(({ resourceUri }) => resourceUri);
      if (uris.length === 2) bursts.push(uris);
    }
    expect(bursts.length).toBeGreaterThan(0);
    for (const [first, second] of bursts) expect(second).toBe(first);
  });
});

describe('faults', () => {
  it('strike these routes as others, which are counted', () => {
    const { simulator, get } = signIn();
    const plan = firstOf(simulator, 'azurePlan');
    const path = pathOf(plan.customer, plan.own, 'resourceusagerecords');
    const whole = String(get(path).body);
    expect(simulator.statistics.byRoute.resourceUsageRecords).toBe(1);
    simulator.faults = { truncate: { rate: 1 } };
    const cut = Array.from({ length: 12 }, () => get(path));
    const isCut = ({ body, disruption }: (typeof cut)[number]) =>
      disruption === 'truncate' ? String(body) === whole : String(body).length < whole.length;
    expect(cut.every(isCut)).toBe(true);
    expect(new Set(cut.map(({ disruption }) => disruption))).toEqual(
      new Set(['truncate', undefined]),
    );
    simulator.faults = { throttle: { hiddenPerMinute: 1 } };
    expect(get(path).status).toBe(429);
    simulator.faults = { customerFails: { ids: [plan.customer.id] } };
    expect(get(path).status).toBe(500);
  });
});

describe('what has no such records', () => {
  it('is answered 400 where the kind of subscription is wrong, as others where it is unknown', () => {
    const { simulator, get } = signIn();
    const plan = firstOf(simulator, 'azurePlan');
    const legacy = firstOf(simulator, 'legacy');
    const answer = ({ customer, own }: typeof plan, name: string) => {
      const { status, body } = get(pathOf(customer, own, name));
      return [status, bodyOf({ body }).code];
    };
    expect(answer(legacy, 'resourceusagerecords')).toEqual([400, 800002]);
    expect(answer(plan, 'usagerecords/resources')).toEqual([400, 800002]);
    const unknown = { ...plan, own: { ...plan.own, id: '00000000-0000-4000-8000-000000000000' } };
    expect(answer(unknown, 'meterusagerecords')).toEqual([404, 20003]);
    const { items } = bodyOf(get(`/v1/customers/${plan.customer.id}/subscriptions`));
    const licence = items.find((each) => each.billingType === 'license') ?? { id: '' };
    const ofLicence = { ...plan, own: { ...plan.own, id: licence.id } };
    expect(answer(ofLicence, 'resourceusagerecords')[1]).toBe(3000);
    expect(() => simulator.expectedDepth(plan.customer.id, licence.id)).toThrow(RangeError);
  });

  it('is the business of users alone, but for the meters of legacy subscriptions', () => {
    const { simulator, get } = signIn({ signIn: { isAppOnly: true } });
    const plan = firstOf(simulator, 'azurePlan');
    const legacy = firstOf(simulator, 'legacy');
    const status = ({ customer, own }: typeof plan, name: string) =>
      get(pathOf(customer, own, name)).status;
    expect(status(plan, 'resourceusagerecords')).toBe(403);
    expect(status(plan, 'meterusagerecords')).toBe(403);
    expect(status(legacy, 'usagerecords/resources')).toBe(200);
  });
});
