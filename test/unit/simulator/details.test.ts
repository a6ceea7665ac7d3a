import Big from 'big.js';
import { describe, expect, it } from 'vitest';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../../src/simulator/simulatorOptions.ts';
import { bodyOf, renew, TestClock } from './session.ts';

function create(options: SimulatorOptions = {}) {
  const simulator = createSimulator({ clock: new TestClock(), customers: 60, ...options });
  const { access_token } = bodyOf(renew(simulator));
  const get = (path: string) => {
    const headers = { authorization: `Bearer ${access_token}` };
    return simulator.handle({ method: 'GET', path, headers });
  };
  return { simulator, get };
}

function* plansOf(simulator: Simulator, at?: string) {
  for (const customer of simulator.customers(at)) {
    for (const plan of customer.subscriptions) yield { customer, plan };
  }
}

/** A JSON text with its numbers as texts. */
function read(body: string | Buffer) {
  return JSON.parse(String(body), (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? source : value,
  ) as { totalCount: string; items: Record<string, string>[] };
}

const sumOf = (costs: readonly (string | undefined)[]) =>
  costs.reduce((sum, cost) => sum.plus(cost ?? ''), new Big(0)).toFixed();
const plain = (literal: string) => new Big(literal).toFixed();

describe('what a plan consists of', () => {
  it('adds up to its total, to the last digit, on any day', () => {
    const { simulator } = create();
    for (const at of ['2026-03-01T12:00:00Z', '2026-03-10T02:30:00Z', '2026-03-31T22:00:00Z']) {
      let plans = 0;
      for (const { customer, plan } of plansOf(simulator, at)) {
        const details = simulator.expectedDetails(customer.id, plan.id, at);
        expect(sumOf(details?.records.map(({ totalCost }) => totalCost) ?? [])).toBe(
          plain(plan.totalCost),
        );
        expect(details?.lastModifiedDate).toBe(plan.lastModifiedDate);
        plans++;
      }
      expect(plans).toBeGreaterThan(50);
    }
  });

  it('is answered as expected, by resource', () => {
    const { simulator, get } = create({ resourcesPerPlan: 200 });
    for (const { customer, plan } of plansOf(simulator)) {
      if (customer.kind !== 'azurePlan') continue;
      const path = `/v1/customers/${customer.id}/subscriptions/${plan.id}/resourceusagerecords`;
      const { totalCount, items } = read(get(path).body);
      const expected = simulator.expectedDetails(customer.id, plan.id)?.records ?? [];
      expect(items.map(({ totalCost }) => totalCost)).toEqual(
        expected.map(({ totalCost }) => totalCost),
      );
      expect(Number(totalCount)).toBe(items.length);
      expect(items.length).toBeGreaterThan(140);
      for (const item of items) {
        expect(item['resourceUri']).toMatch(
          /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/RG-[A-Z]+\/providers\/Microsoft\.\w+\/\w+\/[\w-]+/,
        );
        expect(item['resourceUri']).toContain(item['entitlementId']);
        expect(item).toMatchObject({ subscriptionId: plan.id, name: item['resourceName'] });
      }
    }
  });

  it('is answered by meter for legacy subscriptions, by both routes', () => {
    const { simulator, get } = create();
    let subscriptions = 0;
    for (const { customer, plan } of plansOf(simulator)) {
      if (customer.kind !== 'legacy') continue;
      for (const route of ['meterusagerecords', 'usagerecords/resources']) {
        const path = `/v1/customers/${customer.id}/subscriptions/${plan.id}/${route}`;
        const { items } = read(get(path).body);
        expect(sumOf(items.map(({ totalCost }) => totalCost))).toBe(plain(plan.totalCost));
        expect(items[0]).toMatchObject({ currencyLocale: customer.currencyLocale });
      }
      subscriptions++;
    }
    expect(subscriptions).toBeGreaterThan(5);
  });

  it('is refused by the route of the other kind, and unknown of an unknown plan', () => {
    const { simulator, get } = create();
    for (const { customer, plan } of plansOf(simulator)) {
      const base = `/v1/customers/${customer.id}/subscriptions`;
      const wrong = customer.kind === 'legacy' ? 'resourceusagerecords' : 'usagerecords/resources';
      expect(get(`${base}/${plan.id}/${wrong}`).status).toBe(400);
      expect(get(`${base}/${customer.id}/resourceusagerecords`).status).toBe(404);
    }
  });

  it('has one resource behind a day that costs six times as much', () => {
    const { simulator } = create({ quirks: { costSpikes: true } });
    let spikes = 0;
    for (const { customer, plan } of plansOf(simulator)) {
      const costsOn = (day: number) => {
        const at = `2026-03-${String(day).padStart(2, '0')}T12:00:00Z`;
        return new Map(
          simulator
            .expectedDetails(customer.id, plan.id, at)
            ?.records.map(({ name, totalCost }) => [name, Number(totalCost)]),
        );
      };
      for (let day = 4; day <= 28 && customer.kind === 'azurePlan'; day++) {
        const [before, now, next] = [costsOn(day - 1), costsOn(day), costsOn(day + 1)];
        const spent = (from: Map<string, number>, to: Map<string, number>) =>
          [...to].map(([name, cost]) => cost - (from.get(name) ?? 0));
        const total = (costs: number[]) => costs.reduce((sum, cost) => sum + cost, 0);
        const [usual, today] = [spent(before, now), spent(now, next)];
        if (total(usual) < 1 || total(today) < 4 * total(usual)) continue;
        // The others cost what they do on other days, up to weekend and noise.
        const others = total(today) - Math.max(...today);
        expect(others).toBeLessThan(3 * total(usual));
        expect(Math.max(...today)).toBeGreaterThan(2 * total(usual));
        spikes++;
      }
    }
    expect(spikes).toBeGreaterThan(3);
  });

  it('adds up with the quirks that change records, but for those that leave something out', () => {
    const quirks = { unassignedRecords: true, doubleSpelling: true, negativeRecords: true };
    const { simulator } = create({ quirks });
    let unassigned = 0;
    for (const { customer, plan } of plansOf(simulator)) {
      const records = simulator.expectedDetails(customer.id, plan.id)?.records ?? [];
      expect(sumOf(records.map(({ totalCost }) => totalCost))).toBe(plain(plan.totalCost));
      unassigned += records.filter((one) => one.azureSubscriptionId === undefined).length;
    }
    expect(unassigned).toBeGreaterThan(10);
  });
});
