import { describe, expect, it } from 'vitest';
import { type Quirks, valueQuirks } from '../../../src/simulator/quirks.ts';
import { bodyOf } from './session.ts';
import { answersOf, type Walk, walk } from './walk.ts';

const names = Object.keys(valueQuirks) as (keyof typeof valueQuirks)[];
const plain = walk({});

/** The bodies of a customer, and its items of the lists. */
function textsOf({ customers, list, records }: Walk): string[] {
  const pages = [...list, ...records].map(({ body }) => String(body));
  return [...customers].map(([id, answers]) => {
    const items = pages.flatMap((page) =>
      page.split(/(?=\{"(?:id|budget)":)/i).filter((item) => item.toLowerCase().includes(id)),
    );
    const own = answersOf(answers).map(({ status, body }) => `${status} ${body}`);
    return [...own, ...items].join('\n');
  });
}

const costsOf = (text: string) => text.match(/(?<="totalcost":)[^,]+/gi) ?? [];
const summariesOf = (quirks: Quirks) =>
  [...walk({ quirks }).customers.values()].map(({ summary }) => String(summary.body));

describe('quirks of values', () => {
  // Property names of a list are the same for all its customers.
  it.each(names.filter((name) => name !== 'pascalCase'))(
    '%s meets some customers, and leaves the others and every cost as they were',
    (name) => {
      const before = textsOf(plain);
      const after = textsOf(walk({ quirks: { [name]: true } }));
      const met = after.filter((text, place) => text !== before[place]);
      expect(met.length).toBeGreaterThan(0);
      expect(met.length).toBeLessThan(after.length / 2);
      if (name === 'doubledRecords') return;
      expect(after.map(costsOf)).toEqual(before.map(costsOf));
    },
  );

  it('pascalCase changes nothing but property names', () => {
    const { customers } = walk({ quirks: { pascalCase: true } });
    const lower = (value: unknown) => JSON.stringify(value).toLowerCase();
    let met = 0;
    for (const [id, own] of customers) {
      const before = plain.customers.get(id)?.summary.body.toString() ?? '';
      const text = own.summary.body.toString();
      if (text !== before) met += 1;
      expect(lower(text)).toBe(lower(before));
    }
    expect(met).toBeGreaterThan(5);
    expect(met).toBeLessThan(20);
  });

  it("pascalCase writes USDTotalCost, as Microsoft's own model is called", () => {
    const texts = summariesOf({ pascalCase: true });
    expect(texts.some((text) => /"USDTotalCost":\d/.test(text))).toBe(true);
    expect(texts.some((text) => text.includes('"UsdTotalCost"'))).toBe(false);
  });

  it('pascalCase goes with codes as strings', () => {
    const texts = summariesOf({ pascalCase: true, stringCodes: true });
    expect(texts.some((text) => text.startsWith('{"Code":"3000",'))).toBe(true);
    expect(texts.some((text) => text.startsWith('{"code":"3000",'))).toBe(true);
  });

  it('dates in other forms are the same dates', () => {
    const start = (text: string) => /"billingStartDate":"([^"]+)"/.exec(text)?.[1];
    const before = summariesOf({}).map(start);
    for (const quirk of ['usDates', 'spacedDates']) {
      const after = summariesOf({ [quirk]: true }).map(start);
      const dates = after.map((text) => text && new Date(text).getTime());
      expect(dates).toEqual(before.map((text) => text && new Date(text).getTime()));
    }
  });

  it('doubledRecords has the cost in one record and 0 in the other, in either order', () => {
    const { records } = walk({ quirks: { doubledRecords: true } });
    const items = bodyOf(records[0] ?? { body: '' }).items;
    const pairs = Map.groupBy(items, ({ id }) => id);
    const doubled = [...pairs.values()].filter((pair) => pair.length > 1);
    const zeroFirst = doubled.filter(([first]) => first?.totalCost === 0);
    expect(zeroFirst.length).toBeGreaterThan(0);
    expect(zeroFirst.length).toBeLessThan(doubled.length);
    for (const pair of doubled) {
      expect(pair.map(({ totalCost }) => totalCost === 0).sort()).toEqual([false, true]);
    }
  });

  it('all together leave every cost as it was', () => {
    const after = [...walk({ quirks: valueQuirks }).customers.values()];
    const before = [...plain.customers.values()];
    const texts = (each: (typeof after)[number]) =>
      answersOf(each).map(({ body }) => costsOf(String(body)));
    expect(after.map(texts)).toEqual(before.map(texts));
  });
});
