import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CustomerChanges, readChanges } from '../../src/history/changes.ts';
import { type Change, changeLevels } from '../../src/usage/changes.ts';
import { comparisons } from '../../src/usage/movement.ts';
import {
  type Night,
  type PlanNight,
  prodId,
  record,
  recordNights,
  testId,
} from '../support/detailedNights.ts';
import { createHistory, customerId } from '../support/recorded.ts';

const cost = fc.oneof(
  fc.constantFrom('0', '0.00', '1e1', '-2.5', '7'),
  fc
    .tuple(fc.integer({ min: -50, max: 500 }), fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }))
    .map(([whole, digits]) => `${whole}.${String(digits).padStart(20, '0')}`),
);

/** Few names, so that resources come, go and meet under two spellings and in two plans. */
const someRecord = fc
  .record({
    name: fc.constantFrom('vm1', 'VM1', 'db1', 'db2'),
    cost,
    id: fc.constantFrom(prodId, prodId.toUpperCase(), testId),
    group: fc.constantFrom('rg1', 'RG1', 'rg2'),
    type: fc.constantFrom('Microsoft.Compute/virtualMachines', 'Microsoft.Sql/servers'),
    change: fc.constantFrom(...[{}, {}, {}, { resourceUri: '' }, { entitlementId: undefined }], {
      currencyCode: 'USD',
    }),
  })
  .map(({ name, cost, change, ...place }) => record(name, cost, { ...place, ...change }));

const somePlan = (planId: string): fc.Arbitrary<PlanNight> =>
  fc
    .record({
      records: fc.option(fc.array(someRecord, { maxLength: 6 }), { nil: undefined }),
      total: cost,
      isWithoutBlob: fc.constantFrom(false, false, false, true),
    })
    .map(({ records, ...plan }) => ({ ...plan, planId, ...(records && { records }) }));

const planIds = ['bbbbbbbb-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002'];
const dates = [
  ...['2026-02-19', '2026-02-20', '2026-03-12', '2026-03-13', '2026-03-18', '2026-03-19'],
  '2026-03-20',
];

const nights = fc
  .tuple(...dates.map(() => fc.tuple(...planIds.map((id) => fc.option(somePlan(id))))))
  .map((all) =>
    all.map((plans, index): Night => {
      const date = dates[index] ?? '';
      return { date, plans: plans.filter((plan) => plan !== null) };
    }),
  );

function sumOf(items: readonly Change[], of: 'before' | 'after' | 'change'): Big {
  return items.reduce((sum, item) => sum.plus(item[of]), new Big(0));
}

function expectToAddUp({ change, items, unexplained }: CustomerChanges): void {
  if (change === null) {
    expect([items, unexplained]).toEqual([[], null]);
    return;
  }
  expect(
    sumOf(items, 'change')
      .plus(unexplained ?? 'nothing')
      .minus(change)
      .toFixed(),
  ).toBe('0');
  for (const item of items)
    expect(new Big(item.after).minus(item.before).eq(item.change)).toBe(true);
  const sizes = items.map((item) => new Big(item.change).abs());
  expect(sizes).toEqual(sizes.toSorted((one, other) => other.cmp(one)));
}

test('changes add up exactly to that of the customer, with what they leave unexplained', async () => {
  let explained = 0;
  await fc.assert(
    fc.asyncProperty(nights, async (all) => {
      const { stores, context } = createHistory('2026-03-20');
      await recordNights(stores, all);
      for (const against of comparisons) {
        const read = async (by?: (typeof changeLevels)[number]) => {
          const query = { customerId, date: '2026-03-20', against, by };
          const found = await readChanges(query, context);
          if (!found) throw new Error('expected a customer');
          expectToAddUp(found);
          return found;
        };
        for (const by of changeLevels) await read(by);
        // What rows say of an Azure subscription, the records say as well.
        const { items } = await read();
        const byRows = new Map(
          (await read('azureSubscription')).items.map((item) => [item.azureSubscriptionId, item]),
        );
        for (const [id, resources] of Map.groupBy(items, (item) => item.azureSubscriptionId)) {
          expect(byRows.get(id)?.change ?? '0').toBe(sumOf(resources, 'change').toFixed());
          explained++;
        }
      }
    }),
    { numRuns: 100 },
  );
  expect(explained).toBeGreaterThan(50);
}, 60_000);
