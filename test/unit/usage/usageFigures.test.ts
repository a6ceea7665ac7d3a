import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import { costCurrencyOf } from '../../../src/usage/ledgerRow.ts';
import { present } from '../../../src/usage/present.ts';
import { figuresOf } from '../../../src/usage/usageFigures.ts';
import { isBetterOutcome, isDone, outcomes } from '../../../src/usage/usageSnapshot.ts';

const summary = {
  name: 'Maple Foods',
  totalCost: parseAmount('27.23292827625710931604'),
  currencyCode: 'eur',
  raw: '{}',
};

describe('the figures of a summary', () => {
  it('are kept without its name and body, with plan and currency', () => {
    const { name: _, raw: __, ...rest } = summary;
    const figures = { ...rest, plan: 'azurePlan', currency: 'EUR' };
    expect(figuresOf(summary, '2026-03-10')).toEqual(figures);
  });

  it('are of the plan of the offer, or of the one that names no currency code', () => {
    const { currencyCode: _, ...legacy } = summary;
    expect(figuresOf(summary, '2026-03-10', 'payAsYouGo').plan).toBe('payAsYouGo');
    expect(figuresOf(legacy, '2026-03-10').plan).toBe('payAsYouGo');
  });

  it('are a part of the budget in percent, to two digits, where there is one', () => {
    const figures = figuresOf({ ...summary, budgetAmount: parseAmount('97') }, '2026-03-10');
    expect(figures.percentUsed).toBe(28.08);
    expect(figuresOf(summary, '2026-03-10')).not.toHaveProperty('percentUsed');
  });
});

it('a cost is in the currency of the figures, or of those before', () => {
  const figures = figuresOf(summary, '2026-03-10');
  expect(costCurrencyOf({ figures, expectedCurrency: 'USD' })).toBe('EUR');
  expect(costCurrencyOf({ expectedCurrency: 'USD' })).toBe('USD');
  expect(costCurrencyOf({})).toBeUndefined();
});

it.each([
  ['usage', true],
  ['noUsage', true],
  ['refused', false],
  ['failed', false],
] as const)('a customer with outcome %s needs no more runs of the day: %s', (outcome, expected) => {
  expect(isDone(outcome)).toBe(expected);
});

it('no outcome says more of a day than itself', () => {
  expect(outcomes.filter((each) => isBetterOutcome(each, each))).toEqual([]);
});

it('what is absent is no property at all', () => {
  expect(Object.keys(present({ a: undefined, b: null, c: 0, d: '' }))).toEqual(['b', 'c', 'd']);
});
