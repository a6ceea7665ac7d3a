import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EvaluationOptions, evaluateBudget } from '../../../src/alerts/budgetRules.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { BudgetAlert, BudgetPosition } from '../../../src/usage/budgetAlert.ts';

const thresholds = { actual: [50, 75, 90, 100], forecast: [100] };
const options: EvaluationOptions = {
  thresholds,
  existing: [],
  isFirstNight: false,
  raisedAt: '2026-03-14T03:00:00.000Z',
};

function position(totalCost: string, change: Partial<BudgetPosition> & { budget?: string } = {}) {
  const { budget = '1000', ...rest } = change;
  return {
    customerId: 'a',
    customerName: 'Maple Foods',
    snapshotDate: '2026-03-14',
    figures: {
      plan: 'azurePlan' as const,
      currency: 'EUR',
      totalCost: parseAmount(totalCost),
      ...(budget !== '' && { budgetAmount: parseAmount(budget) }),
      billingStartDate: '2026-03-01T00:00:00Z',
      billingEndDate: '2026-04-01T00:00:00Z',
    },
    ...rest,
  };
}

const describeAlerts = (alerts: readonly BudgetAlert[]) =>
  alerts.map(({ kind, threshold, status }) => `${kind} ${threshold} ${status}`);

describe('a budget', () => {
  it('raises the most advanced threshold that is newly crossed, and records those below it', () => {
    const alerts = evaluateBudget(position('910'), options);
    expect(describeAlerts(alerts)).toEqual([
      'actual 50 covered',
      'actual 75 covered',
      'actual 90 raised',
    ]);
    expect(alerts.map(({ isDelivered }) => isDelivered)).toEqual([true, true, false]);
  });

  it('raises what is newly crossed and nothing that was before', () => {
    const existing = evaluateBudget(position('760'), options);
    const alerts = evaluateBudget(position('1000'), { ...options, existing });
    expect(describeAlerts(alerts)).toEqual(['actual 90 covered', 'actual 100 raised']);
    expect(
      evaluateBudget(position('1200'), { ...options, existing: [...existing, ...alerts] }),
    ).toEqual([]);
  });

  it('raises nothing when the cost falls back, or a threshold below a raised one is added', () => {
    const existing = evaluateBudget(position('1000'), options);
    expect(evaluateBudget(position('600'), { ...options, existing })).toEqual([]);
    const more = { ...thresholds, actual: [50, 75, 80, 90, 100] };
    const alerts = evaluateBudget(position('1000'), { ...options, existing, thresholds: more });
    expect(describeAlerts(alerts)).toEqual(['actual 80 covered']);
  });

  it('is said by the cost alone where that has crossed what the forecast crosses', () => {
    const forecastTotalCost = parseAmount('1600');
    const whole = evaluateBudget(position('1010', { forecastTotalCost }), options);
    expect(describeAlerts(whole)).toEqual([
      ...['actual 50 covered', 'actual 75 covered', 'actual 90 covered', 'actual 100 raised'],
      'forecast 100 covered',
    ]);
    // 150 % is beyond what the cost has crossed, and no cost is watched at 100 % here.
    const forecast = (actual: number[]) =>
      describeAlerts(
        evaluateBudget(position('1010', { forecastTotalCost }), {
          ...options,
          thresholds: { actual, forecast: [100, 150] },
        }),
      ).filter((each) => each.startsWith('forecast'));
    expect(forecast([100])).toEqual(['forecast 100 covered', 'forecast 150 raised']);
    const soon = { ...options, thresholds: { actual: [50], forecast: [100] } };
    expect(describeAlerts(evaluateBudget(position('1010', { forecastTotalCost }), soon))).toEqual([
      'actual 50 raised',
      'forecast 100 raised',
    ]);
  });

  it('keeps no forecast in an alert where there is none', () => {
    const [alert] = evaluateBudget(position('510'), options);
    expect(Object.keys(alert ?? {})).not.toContain('forecastTotalCost');
  });

  it('is judged by the calendar month where the figures name no billing period', () => {
    const unnamed = position('700', { budget: '500' });
    const { billingStartDate: _, billingEndDate: __, ...figures } = unnamed.figures;
    const alerts = evaluateBudget({ ...unnamed, figures }, options);
    expect(describeAlerts(alerts)).toContain('actual 100 raised');
    expect(alerts.at(-1)).toMatchObject({
      billingPeriodStart: '2026-03-01',
      billingPeriodEnd: '2026-04-01',
    });
  });

  it('compares the unrounded figure', () => {
    const almost = evaluateBudget(position('899.99999999999999999999'), options);
    expect(describeAlerts(almost)).not.toContain('actual 90 raised');
    expect(describeAlerts(evaluateBudget(position('900.00000000000000000000'), options))).toContain(
      'actual 90 raised',
    );
    // In doubles, 0.1 + 0.2 of 0.3 would be more than all of it.
    expect(describeAlerts(evaluateBudget(position('0.3', { budget: '0.3' }), options))).toContain(
      'actual 100 raised',
    );
  });

  it('is watched by its forecast as well, apart from the cost so far', () => {
    const forecastTotalCost = parseAmount('1001');
    const alerts = evaluateBudget(position('510', { forecastTotalCost }), options);
    expect(describeAlerts(alerts)).toEqual(['actual 50 raised', 'forecast 100 raised']);
    expect(alerts[1]).toMatchObject({ percentUsed: '100.1', totalCost: '510', forecastTotalCost });
  });

  it.each(['', '0', '-5'])('that is none (%j) raises nothing', (budget) => {
    const forecastTotalCost = parseAmount('10000');
    expect(evaluateBudget(position('5000', { budget, forecastTotalCost }), options)).toEqual([]);
  });

  it('is armed again by a new period and by another amount, and by nothing else', () => {
    const [alert] = evaluateBudget(position('510'), options);
    const ids = (change: Parameters<typeof position>[1]) =>
      evaluateBudget(position('510', change), options).map(({ alertId }) => alertId);
    expect(ids({ snapshotDate: '2026-03-15', customerName: 'Maple' })).toEqual([alert?.alertId]);
    // The same amount, written in another way.
    expect(ids({ budget: '1000.00' })).toEqual([alert?.alertId]);
    expect(ids({ budget: '1001' })).not.toEqual([alert?.alertId]);
    const { figures } = position('510');
    const april = { ...figures, billingStartDate: '2026-04-01T00:00:00Z' };
    expect(ids({ figures: april })).not.toEqual([alert?.alertId]);
  });

  it('tells on the very first night of what is broken, not of what lies below', () => {
    const first = { ...options, isFirstNight: true };
    const forecastTotalCost = parseAmount('900');
    const alerts = evaluateBudget(position('910', { forecastTotalCost }), first);
    expect(describeAlerts(alerts)).toEqual([
      'actual 50 baseline',
      'actual 75 baseline',
      'actual 90 baseline',
    ]);
    expect(alerts.every(({ isDelivered }) => isDelivered)).toBe(true);
    const broken = evaluateBudget(position('1000'), first);
    expect(describeAlerts(broken).at(-1)).toBe('actual 100 raised');
    // The next night what was below is still no news, and the next threshold is.
    const next = evaluateBudget(position('1000'), { ...options, existing: alerts });
    expect(describeAlerts(next)).toEqual(['actual 100 raised']);
  });

  it('raises each threshold once at most, whatever the costs of a period are', () => {
    const costs = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(costs, fc.boolean(), (days, isFirst) => {
        const all: BudgetAlert[] = [];
        for (const [index, cost] of days.entries()) {
          const forecastTotalCost = parseAmount(String(cost * 2));
          const isFirstNight = isFirst && index === 0;
          const evaluation = { ...options, isFirstNight, existing: all };
          const fresh = evaluateBudget(position(String(cost), { forecastTotalCost }), evaluation);
          for (const kind of ['actual', 'forecast'] as const) {
            const raised = fresh.filter((each) => each.kind === kind && each.status === 'raised');
            expect(raised.length).toBeLessThanOrEqual(1);
            const before = all.filter((each) => each.kind === kind && each.status === 'raised');
            // Each one that is raised is more advanced than those before it.
            for (const { threshold } of raised) {
              expect(before.every((each) => each.threshold < threshold)).toBe(true);
            }
          }
          all.push(...fresh);
        }
        const ids = all.map(({ alertId }) => alertId);
        expect(new Set(ids).size).toBe(ids.length);
        const highest = Math.max(0, ...days);
        const crossed = thresholds.actual.filter((threshold) => highest / 10 >= threshold);
        expect(all.filter(({ kind }) => kind === 'actual')).toHaveLength(crossed.length);
      }),
    );
  });
});
