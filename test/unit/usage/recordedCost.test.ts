import { describe, expect, it } from 'vitest';
import {
  advanceDailyCost,
  type CostSnapshot,
  initialCostState,
} from '../../../src/usage/dailyCost.ts';
import { costCurrencyOf, costStateOf, recordCost } from '../../../src/usage/recordedCost.ts';
import { day, failed, noUsage } from './days.ts';

/** The state after some days, and the last row with what it keeps of it. */
function lastRow(...days: [CostSnapshot, ...CostSnapshot[]]) {
  let state = initialCostState;
  let row = { ...days[0], cost: recordCost(state, days[0]) };
  for (const snapshot of days) {
    row = { ...snapshot, cost: recordCost(state, snapshot) };
    state = advanceDailyCost(state, snapshot).state;
  }
  return { state, row, carried: row.cost.carried };
}

describe('what a ledger row carries for the next day', () => {
  it('is nothing where its figures are fresh', () => {
    expect(lastRow(day('2026-03-13', '240'), day('2026-03-14', '250')).carried).toBeUndefined();
  });

  it('is nothing before there is anything to know', () => {
    expect(lastRow(failed('2026-03-13')).carried).toBeUndefined();
  });

  it.each([
    ['failed', failed('2026-03-14')],
    ['without usage', noUsage('2026-03-14')],
    ['stale', day('2026-03-14', '240', { modified: '2026-03-12T19:03:41.7272436+00:00' })],
    ['in another currency', day('2026-03-14', '240', { currency: 'USD' })],
  ])('is the state on a day that is %s', (_name, snapshot) => {
    const { state, carried } = lastRow(day('2026-03-13', '240'), snapshot);
    expect(carried).toEqual(state);
  });

  it('is that there was cost before a period whose first figures are 0', () => {
    const { state, row } = lastRow(day('2026-03-31', '900'), day('2026-04-09', '0'));
    expect(state.fresh).toHaveLength(1);
    expect(row.cost.carried).toBeDefined();
    expect(costStateOf(row)).toEqual(state);
  });

  it('is unknown where its own cost was not computed', () => {
    expect(costStateOf(day('2026-03-14', '240'))).toBeUndefined();
  });
});

describe('the currency of a daily cost', () => {
  it('is that of the figures, and without any that of the last ones', () => {
    const earlier = day('2026-03-13', '240', { currency: 'USD' });
    expect(costCurrencyOf(lastRow(earlier).row)).toBe('USD');
    const { row } = lastRow(earlier, noUsage('2026-03-14'));
    expect(row.cost.dailyCost).toBe('-240');
    expect(costCurrencyOf(row)).toBe('USD');
    expect(costCurrencyOf(lastRow(noUsage('2026-03-14')).row)).toBeUndefined();
  });
});
