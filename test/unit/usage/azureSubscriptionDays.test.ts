import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import { addUpDays } from '../../../src/usage/azureSubscriptionDays.ts';
import type { AzureSubscriptionSnapshot } from '../../../src/usage/azureSubscriptionSnapshot.ts';
import { day } from './days.ts';

type Change = Partial<AzureSubscriptionSnapshot> & { currency?: string; period?: string };

function row(date: string, id: string, total: string | undefined, change: Change = {}) {
  const { currency, period, ...rest } = change;
  const facts = { ...(currency && { currency }), ...(period && { period }) };
  const figures = total === undefined ? undefined : day(date, total, facts).figures;
  const snapshot: AzureSubscriptionSnapshot = {
    snapshotDate: date,
    capturedAt: `${date}T02:40:00Z`,
    runId: 'run',
    outcome: figures ? 'usage' : 'noUsage',
    customerId: 'customer',
    subscriptionId: 'plan',
    azureSubscriptionId: id,
    ...(figures && { figures }),
    ...rest,
  };
  return snapshot;
}

const known = (date: string, change: Change = {}) => row(date, 'rest', '0', change);
const plan2 = { subscriptionId: 'plan 2' };

function show(...rows: AzureSubscriptionSnapshot[]) {
  return addUpDays(rows, 'a').map(({ snapshotDate, outcome, figures }) =>
    [snapshotDate.slice(8), figures?.totalCost ?? outcome].join(' '),
  );
}

describe('the days of an Azure subscription', () => {
  it('are those of its rows in order, and of no usage once records name it no more', () => {
    expect(
      show(
        ...[known('2026-03-07'), known('2026-03-04'), known('2026-03-05'), known('2026-03-06')],
        ...[row('2026-03-06', 'a', '9'), row('2026-03-05', 'a', '5'), row('2026-03-05', 'b', '1')],
      ),
    ).toEqual(['05 5', '06 9', '07 noUsage']);
  });

  it('are added up where it moved to another plan', () => {
    const rows = [
      ...[known('2026-03-05'), row('2026-03-05', 'a', '5.5')],
      ...[known('2026-03-06'), row('2026-03-06', 'a', '6')],
      ...[known('2026-03-06', plan2), row('2026-03-06', 'a', '0.25', plan2)],
    ];
    expect(show(...rows)).toEqual(['05 5.5', '06 6.25']);
  });

  it('are missed where records of one of its plans were not read', () => {
    const both = (date: string) => [
      ...[known(date), row(date, 'a', '5')],
      ...[known(date, plan2), row(date, 'a', '2', plan2)],
    ];
    const one = [known('2026-03-06'), row('2026-03-06', 'a', '6')];
    const refused = row('2026-03-06', 'rest', undefined, { ...plan2, outcome: 'refused' });
    const rows = [...both('2026-03-05'), ...one, refused, ...both('2026-03-07')];
    expect(show(...rows)).toEqual(['05 7', '07 7']);
  });

  it('need no records of a plan whose billing period is over', () => {
    const rows = [
      ...[known('2026-03-30'), row('2026-03-30', 'a', '5')],
      ...[known('2026-04-02', plan2), row('2026-04-02', 'a', '1', plan2)],
    ];
    expect(show(...rows)).toEqual(['30 5', '02 1']);
    expect(show(...rows.slice(0, 2), known('2026-04-02', plan2))).toEqual(['30 5', '02 noUsage']);
  });

  it('are of one currency', () => {
    const foreign = { ...plan2, currency: 'USD' };
    const rows = [
      ...[known('2026-03-05'), row('2026-03-05', 'a', '5')],
      ...[known('2026-03-05', foreign), row('2026-03-05', 'a', '2', foreign)],
    ];
    expect(show(...rows)).toEqual(['05 2']);
  });

  it('have the cost in USD where all their rows have it, and the name of the row', () => {
    const [first, second] = [row('2026-03-05', 'a', '5'), row('2026-03-05', 'a', '2', plan2)];
    const usd = parseAmount('1.5');
    if (!first.figures || !second.figures) throw new Error('expected figures');
    first.figures.usdTotalCost = usd;
    second.azureSubscriptionName = 'Prod';
    expect(addUpDays([first, second], 'a')[0]?.figures).not.toHaveProperty('usdTotalCost');
    second.figures.usdTotalCost = usd;
    const [found] = addUpDays([first, second], 'a');
    expect(found).toMatchObject({ azureSubscriptionName: 'Prod', figures: { usdTotalCost: '3' } });
  });
});
