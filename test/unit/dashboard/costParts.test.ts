import { describe, expect, it } from 'vitest';
import type { AzureSubscriptionItem } from '../../../src/dashboard/api.ts';
import { largestIds, splitDays, stack } from '../../../src/dashboard/costParts.ts';

const day = (date: string, dailyCost: `${number}` | null, daysCovered = 1) => ({
  date,
  dailyCost,
  daysCovered,
});

describe('the parts of a cost', () => {
  it('are what is left of it, too, with every digit', () => {
    const days = [day('2026-03-01', '10.00000000000000000001'), day('2026-03-02', null)];
    const [known, others] = splitDays(days, [[day('2026-03-01', '0.1')]]);
    expect(known?.costs.map(({ dailyCost }) => dailyCost)).toEqual(['0.1', null]);
    expect(others?.costs.map(({ dailyCost }) => dailyCost)).toEqual([
      '9.90000000000000000001',
      null,
    ]);
  });

  it('have a share on each day that a cost is of', () => {
    const days = [day('2026-03-01', null, 0), day('2026-03-02', '10', 2), day('2026-03-03', '7')];
    const [known, others] = splitDays(days, [[day('2026-03-03', '9', 3)]]);
    expect(known?.shares).toEqual([3, 3, 3]);
    expect(others?.shares).toEqual([2, 2, 4]);
  });

  it('stand on each other, and hang below zero where they are negative', () => {
    const ends = stack([
      [1, null, -1],
      [2, 2, 3],
      [-4, 3, -2],
    ]);
    expect(ends).toEqual([
      [1, null, -1],
      [3, 2, 3],
      [-4, 5, -3],
    ]);
  });
});

describe('the largest Azure subscriptions', () => {
  const item = (azureSubscriptionId: string, totalCost: `${number}` | null, currency = 'EUR') =>
    ({ azureSubscriptionId, totalCost, currency }) as AzureSubscriptionItem;

  it('are by their total over all plans, in one currency, without the rest', () => {
    const items = [
      item('a', '3'),
      item('b', '2'),
      item('rest', '99'),
      item('b', '2'),
      item('c', '9', 'USD'),
      item('d', null),
    ];
    expect(largestIds(items, 'EUR')).toEqual(['b', 'a']);
  });

  it('are at most six', () => {
    const items = Array.from({ length: 9 }, (_, index) => item(`${index}`, `${index}`));
    expect(largestIds(items, 'EUR')).toEqual(['8', '7', '6', '5', '4', '3']);
  });
});
