import { describe, expect, it } from 'vitest';
import type { ExpectedCustomer } from '../../../src/simulator/expectation.ts';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import { bodyOf, signIn } from './session.ts';

const customers = 60;
const quirks = {
  foreignNames: true,
  lateFigures: true,
  currencyChanges: true,
  costSpikes: true,
};
const plain = createSimulator({ customers });
const changed = createSimulator({ customers, quirks });
const late = createSimulator({ customers, quirks: { lateFigures: true } });

const dayMs = 86_400_000;
const firstNightMs = Date.parse('2026-01-01T02:30:00Z');
const nights = Array.from({ length: 120 }, (_, night) => firstNightMs + night * dayMs);

/** The first of 25, as days since 1970-01-01. */
const firstBlockDay = 25 * 820;
const isoDate = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10);

describe('quirks that change some customers', () => {
  it('are in every answer as they are expected', () => {
    const { simulator, get, clock } = signIn({ customers, quirks });
    for (const night of ['2026-02-28', '2026-03-01', '2026-03-10']) {
      clock.turnTo(`${night}T02:30:00Z`);
      for (const { id, name, totalCost, outcome, ...expected } of simulator.customers()) {
        if (outcome !== 'usage') continue;
        const text = String(get(`/v1/customers/${id}/usagesummary`).body);
        expect(text).toContain(`"totalCost":${totalCost},`);
        const { currencyCode, lastModifiedDate } = expected;
        const facts = { resourceName: name, ...(currencyCode && { currencyCode }) };
        expect(JSON.parse(text)).toMatchObject({ ...facts, lastModifiedDate });
      }
      const records = String(get('/v1/customers/usagerecords').body);
      for (const { totalCost } of simulator.customers()) {
        if (totalCost !== '0') expect(records).toContain(`"totalCost":${totalCost},`);
      }
      const names = bodyOf(get('/v1/customers?size=500')).items as { companyProfile?: object }[];
      expect(names.map(({ companyProfile }) => companyProfile)).toEqual(
        [...simulator.customers()].map(({ name }) =>
          expect.objectContaining({ companyName: name }),
        ),
      );
    }
  });

  it('give a few customers a name of their own, from right to left or very long', () => {
    const names = [...changed.customers()].map(({ name }) => name);
    const before = [...plain.customers()].map(({ name }) => name);
    const met = names.filter((name, index) => name !== before[index]);
    expect(met.length).toBeGreaterThan(7);
    expect(met.length).toBeLessThan(10);
    expect(new Set(names).size).toBe(customers);
    for (const kind of [/\p{Script=Hebrew}/u, /\p{Script=Arabic}/u, /^.{180,}$/]) {
      expect(met.some((name) => kind.test(name))).toBe(true);
    }
  });

  it('leave figures as they were for two days in fourteen, and then show what they owed', () => {
    const facts = ({ totalCost, lastModifiedDate }: ExpectedCustomer) =>
      `${totalCost} ${lastModifiedDate}`;
    let met = 0;
    for (const { index } of plain.customers()) {
      const shown = nights.map((at) => facts(late.expectedCustomer(index, at)));
      const right = nights.map((at) => facts(plain.expectedCustomer(index, at)));
      const lateNights = shown.flatMap((each, night) => (each === right[night] ? [] : [night]));
      if (lateNights.length === 0) continue;
      met++;
      expect(lateNights.length).toBeGreaterThanOrEqual(16);
      for (const night of lateNights) {
        const isOfOnePeriod = new Date(nights[night] ?? 0).getUTCDate() > 3;
        const before = lateNights.includes(night - 1) ? night - 2 : night - 1;
        const { kind } = late.expectedCustomer(index);
        if (kind === 'azurePlan' && isOfOnePeriod) expect(shown[night]).toBe(shown[before]);
      }
    }
    expect(met).toBe(customers / 3);
  });

  it('bill some customers of Azure plans in another currency, two months of four', () => {
    const monthsOf = (index: number) =>
      ['01-31', '02-28', '03-01', '04-30', '05-01', '07-01', '09-01', '11-01', '12-31'].map(
        (day) => changed.expectedCustomer(index, `2026-${day}`).currencyCode,
      );
    let met = 0;
    for (const { index, kind, currencyCode: own } of plain.customers()) {
      const months = monthsOf(index);
      if (!months.includes('NOK')) continue;
      met++;
      expect(kind).toBe('azurePlan');
      expect(months).toEqual([own, own, 'NOK', 'NOK', own, 'NOK', own, 'NOK', 'NOK']);
    }
    expect(met).toBeGreaterThan(3);
    expect(met).toBeLessThan(9);
  });

  it('let a day in each 25 cost six times as much for some customers', () => {
    const costsOf = (simulator: typeof plain, index: number) =>
      Array.from({ length: 100 }, (_, day) =>
        Number(simulator.expectedDailyCost(index, isoDate(firstBlockDay + day))),
      );
    let met = 0;
    for (const { index } of plain.customers()) {
      const [before, after] = [costsOf(plain, index), costsOf(changed, index)];
      const factors = after.map((cost, day) => cost / (before[day] || 1));
      const spikes = factors.flatMap((factor, day) => (factor > 1.01 ? [day] : []));
      if (spikes.length === 0) continue;
      met++;
      // Those of several subscriptions are on different days.
      if (plain.expectedCustomer(index).subscriptions.length > 1) continue;
      for (const day of spikes) expect(factors[day]).toBeCloseTo(6, 3);
      expect(spikes.map((day) => Math.floor(day / 25))).toEqual([0, 1, 2, 3]);
    }
    expect(met).toBeGreaterThan(10);
    expect(met).toBeLessThanOrEqual(customers / 3);
  });
});
