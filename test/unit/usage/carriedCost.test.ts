import { describe, expect, it } from 'vitest';
import { carriedCostState, costStateOf } from '../../../src/usage/carriedCost.ts';
import {
  advanceDailyCost,
  type CostSnapshot,
  initialCostState,
} from '../../../src/usage/dailyCost.ts';
import { day, failed, noUsage } from './days.ts';

/** The state after some days, and what the last row has to carry of it. */
function lastRow(...days: CostSnapshot[]) {
  let state = initialCostState;
  for (const snapshot of days) state = advanceDailyCost(state, snapshot).state;
  return { state, carried: carriedCostState(state, days.at(-1) ?? failed('2026-03-01')) };
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
    const snapshot = day('2026-04-09', '0');
    const { state, carried } = lastRow(day('2026-03-31', '900'), snapshot);
    expect(state.fresh).toHaveLength(1);
    expect(costStateOf({ ...snapshot, dailyCost: null, ...(carried && { carried }) })).toEqual(
      state,
    );
  });
});
