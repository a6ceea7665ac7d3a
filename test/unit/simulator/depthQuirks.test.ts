import { describe, expect, it } from 'vitest';
import type { ExpectedDepth } from '../../../src/simulator/depthExpectation.ts';
import { type Quirks, recordQuirks, valueQuirks } from '../../../src/simulator/quirks.ts';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import { costsOf, type DepthRecord, readRecords, sum } from './depthRecords.ts';
import { signIn } from './session.ts';

interface SeenPlan {
  customerId: string;
  planId: string;
  totalCost: string;
  /** Of the summary. */
  lastModifiedDate: string;
  records: DepthRecord[];
  depth: ExpectedDepth;
  /** The body as it came. */
  text: string;
}

/** The resources of 60 customers' plans, those without cost left out. */
function readPlans(quirks: Quirks): SeenPlan[] {
  const { simulator, get } = signIn({ customers: 60, quirks });
  return [...simulator.customers()]
    .filter(({ kind }) => kind === 'azurePlan')
    .flatMap(({ id: customerId, subscriptions }) =>
      subscriptions
        .filter(({ totalCost }) => totalCost !== '0')
        .map(({ id: planId, totalCost, lastModifiedDate }) => {
          const path = `/v1/customers/${customerId}/subscriptions/${planId}/resourceusagerecords`;
          const answer = get(path);
          return {
            ...{ customerId, planId, totalCost, lastModifiedDate },
            records: readRecords(answer).items,
            depth: simulator.expectedDepth(customerId, planId),
            text: String(answer.body),
          };
        }),
    );
}

const plain = readPlans({});
const fewResources = { ...recordQuirks, manyResources: false, azureSubscriptions: 7 };
const tellingNames = Object.keys(recordQuirks).filter(
  (name) => name !== 'manyResources',
) as (keyof typeof recordQuirks)[];

/** The plans that a quirk has changed. */
function metPlans(quirks: Quirks): SeenPlan[] {
  return readPlans(quirks).filter(({ text }, at) => text !== plain[at]?.text);
}

/** The records of each resource, under its id in lower case, and those without one together. */
function totalsOf(records: DepthRecord[]) {
  const byUri = Map.groupBy(
    records,
    ({ resourceUri, entitlementId }) => resourceUri?.toLowerCase() || `none|${entitlementId}`,
  );
  return new Map([...byUri].map(([uri, own]) => [uri, [costsOf(own), own.length] as const]));
}

describe('quirks of the records', () => {
  it.each(tellingNames)('%s meets a third of the customers', (name) => {
    const met = metPlans({ [name]: true });
    expect(met.length).toBeGreaterThan(plain.length / 8);
    expect(met.length).toBeLessThan(plain.length / 2);
  });

  it.each([...tellingNames.map((name) => ({ [name]: true })), fewResources])(
    '%o are expected as they are shown',
    (quirks: Quirks) => {
      for (const { records, depth } of readPlans(quirks)) {
        const expected = depth.resources.map(
          (each) =>
            [
              each.uri?.toLowerCase() ?? `none|${each.azureSubscriptionId}`,
              [sum([each.totalCost]), each.records] as const,
            ] as const,
        );
        expect(totalsOf(records)).toEqual(new Map(expected));
        const owners = Map.groupBy(records, ({ entitlementId }) => entitlementId);
        expect(new Map([...owners].map(([id, own]) => [id, costsOf(own)]))).toEqual(
          new Map(depth.azureSubscriptions.map(({ id, totalCost }) => [id, sum([totalCost])])),
        );
        const names = depth.azureSubscriptions.map(({ id, name }) => [id, name] as const);
        for (const [id, name] of names) {
          expect(owners.get(id)?.[0]?.entitlementName ?? undefined).toBe(name);
        }
        expect(sum([depth.totalCost])).toBe(costsOf(records));
        const dates = new Set(records.map(({ lastModifiedDate }) => lastModifiedDate));
        expect([...dates]).toEqual([depth.lastModifiedDate]);
      }
    },
  );

  it('leave the sum as it is, but for recordsAhead and missingCents', () => {
    const quirks = { ...fewResources, recordsAhead: false, missingCents: false };
    for (const { records, totalCost } of readPlans(quirks)) {
      expect(costsOf(records)).toBe(sum([totalCost]));
    }
  });

  it('azureSubscriptions is their number, each with cost', () => {
    for (const { depth } of readPlans({ azureSubscriptions: 51 })) {
      expect(depth.azureSubscriptions).toHaveLength(51);
      for (const { totalCost } of depth.azureSubscriptions) expect(totalCost).not.toBe('0');
    }
  });

  it('manyResources are 20,000 at the end of a period', () => {
    const simulator = createSimulator({ customers: 5, quirks: { manyResources: true } });
    const counts = [...simulator.customers('2026-03-31')].flatMap(({ id, kind, subscriptions }) =>
      kind === 'azurePlan'
        ? subscriptions.map((own) => simulator.expectedDepth(id, own.id, '2026-03-31').resources)
        : [],
    );
    expect(counts.map(({ length }) => length)).toContain(20_000);
  });

  it('namelessRecords has null for all names of a plan', () => {
    for (const { records } of metPlans({ namelessRecords: true })) {
      expect(new Set(records.map((each) => each.entitlementName))).toEqual(new Set([null]));
    }
  });

  it('unassignedRecords has an empty, a null and an absent resourceUri', () => {
    for (const { records } of metPlans({ unassignedRecords: true })) {
      const without = records.filter(({ resourceUri }) => !resourceUri);
      expect(without.map(({ resourceUri }) => resourceUri)).toEqual(['', null, undefined]);
      expect(without.map(({ entitlementId }) => entitlementId === undefined)).toEqual([
        false,
        false,
        true,
      ]);
      const whole = costsOf(records);
      for (const each of without) expect(sum([each.totalCost])).toBeGreaterThan(whole / 200n);
    }
  });

  it('doubleSpelling has one resource in two records, its group in upper and in lower case', () => {
    for (const { records } of metPlans({ doubleSpelling: true })) {
      const [pair = [], ...others] = [
        ...Map.groupBy(records, ({ resourceUri }) => resourceUri?.toLowerCase()).values(),
      ].filter(({ length }) => length > 1);
      expect(others).toEqual([]);
      const [upper = '', lower = ''] = pair.map((each) => each.resourceGroupName ?? '');
      expect([upper, lower]).toEqual([lower.toUpperCase(), upper.toLowerCase()]);
      expect(pair.every((each) => each.resourceUri?.includes(`/${each.resourceGroupName}/`))).toBe(
        true,
      );
    }
  });

  it('negativeRecords has one record of negative cost', () => {
    for (const { records } of metPlans({ negativeRecords: true })) {
      const negative = records.filter(({ totalCost }) => totalCost.startsWith('-'));
      expect(negative).toHaveLength(1);
      expect(Number(negative[0]?.usdTotalCost)).toBeLessThanOrEqual(0);
    }
  });

  it('recordsAhead shows what the summary shows a day later', () => {
    const simulator = createSimulator({ seed: 7, customers: 60 });
    for (const { customerId, planId, records, ...plan } of metPlans({ recordsAhead: true })) {
      const tomorrow = simulator.expectedCustomer(customerId, '2026-03-11T02:30:00Z');
      const { totalCost = '' } = tomorrow.subscriptions.find(({ id }) => id === planId) ?? {};
      expect(costsOf(records)).toBe(sum([totalCost]));
      expect(records[0]?.lastModifiedDate).toBe('2026-03-10T00:00:00Z');
      expect(Date.parse(plan.lastModifiedDate)).toBeLessThan(Date.parse('2026-03-10'));
    }
  });

  it('missingCents is up to 36 cents less than the summary, legacy meters too', () => {
    const quirks = { missingCents: true };
    const legacy = createSimulator({ seed: 7, customers: 60, quirks });
    const missing = [...legacy.customers('2026-03-10')]
      .filter(({ kind }) => kind === 'legacy')
      .flatMap(({ id, subscriptions }) =>
        subscriptions.map(
          (own) =>
            sum([own.totalCost]) - costsOf(legacy.expectedDepth(id, own.id, '2026-03-10').meters),
        ),
      )
      .filter((cost) => cost !== 0n);
    expect(missing.length).toBeGreaterThan(0);
    for (const { totalCost, records } of metPlans(quirks)) {
      missing.push(sum([totalCost]) - costsOf(records));
    }
    for (const cost of missing) {
      expect(cost).toBeGreaterThan(0n);
      expect(cost).toBeLessThanOrEqual(36n * 10n ** 18n);
    }
  });

  it('cancelledAzureSubscriptions keep their cost to the end of the period, and come no more', () => {
    const quirks = { cancelledAzureSubscriptions: true };
    const simulator = createSimulator({ seed: 7, customers: 60, quirks });
    const met = metPlans(quirks);
    const before = plain.filter(({ planId }) => met.some((each) => each.planId === planId));
    expect(before.map(({ depth }) => depth.azureSubscriptions.length)).toContain(1);
    for (const { customerId, planId } of met) {
      const ownersAt = (date: string) => {
        const { azureSubscriptions } = simulator.expectedDepth(customerId, planId, date);
        return new Map(azureSubscriptions.map(({ id = '', totalCost }) => [id, totalCost]));
      };
      const [tenth, twentieth, last] = ['2026-03-10', '2026-03-20', '2026-03-31'].map(ownersAt);
      const cancelled = [...(twentieth ?? [])].filter(([id, cost]) => last?.get(id) === cost);
      expect(cancelled).toHaveLength(1);
      const [id = ''] = cancelled[0] ?? [];
      expect(tenth?.has(id)).toBe(true);
      expect(ownersAt('2026-04-20').has(id)).toBe(false);
    }
  });

  it('wrongKindNotFound and slowRecordsMs change the answers of these routes alone', () => {
    const quirks = { wrongKindNotFound: true, slowRecordsMs: 700 };
    const { simulator, get } = signIn({ quirks });
    const [legacy] = [...simulator.customers()].filter(({ kind }) => kind === 'legacy');
    const path = `/v1/customers/${legacy?.id}/subscriptions/${legacy?.subscriptions[0]?.id}`;
    expect(get(`${path}/resourceusagerecords`).status).toBe(404);
    expect(get(`${path}/meterusagerecords`)).toMatchObject({ status: 200, delayMs: 700 });
    expect(get(`${path}/usagesummary`).delayMs).toBeUndefined();
  });

  it('upperCaseIds writes all ids in upper case, and nothing else', () => {
    for (const { records, text } of readPlans({ upperCaseIds: true })) {
      for (const { subscriptionId, entitlementId = '', resourceUri } of records) {
        expect(subscriptionId).toMatch(/^[0-9A-F-]{36}$/);
        expect(entitlementId).toMatch(/^[0-9A-F-]{36}$/);
        expect(resourceUri?.startsWith(`/subscriptions/${entitlementId}/resourceGroups/`)).toBe(
          true,
        );
      }
      expect(plain.map((each) => each.text.toLowerCase())).toContain(text.toLowerCase());
    }
  });

  it('of values leave every cost as it was', () => {
    // Property names are compared in lower case.
    const costs = (text: string) => text.toLowerCase().match(/(?<="totalcost":)[^,]+/g);
    const before = plain.map(({ text }) => costs(text));
    const { simulator, get } = signIn({ customers: 60, quirks: { ...valueQuirks } });
    const bodies = plain.map(({ customerId, planId }) =>
      String(get(`/v1/customers/${customerId}/subscriptions/${planId}/resourceusagerecords`).body),
    );
    expect(bodies.map(costs)).toEqual(before);
    expect(bodies.some((body) => body.includes('"USDTotalCost":'))).toBe(true);
    expect(bodies.some((body) => /"lastModifiedDate":null/i.test(body))).toBe(true);
    simulator.quirks = { byteOrderMark: true };
    const [first] = plain;
    const path = `/v1/customers/${first?.customerId}/subscriptions/${first?.planId}`;
    expect(String(get(`${path}/resourceusagerecords`).body)).toBe(`\uFEFF${first?.text}`);
  });
});
