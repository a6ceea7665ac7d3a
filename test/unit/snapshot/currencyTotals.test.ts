import { describe, expect, it } from 'vitest';
import { CurrencyTotals } from '../../../src/snapshot/currencyTotals.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { dayOf } from '../../support/recordedDays.ts';

const base = { snapshotDate: '2026-03-10', capturedAt: '2026-03-10T03:00:00.000Z', runId: 'run' };

/** A row without figures. */
function bare(outcome: LedgerRow['outcome'], fields: Partial<LedgerRow> = {}): LedgerRow {
  const { figures: _, ...row } = dayOf('2026-03-10', '0', { outcome });
  return { ...row, ...fields };
}

function costOf(dailyCost?: string): Pick<LedgerRow, 'cost'> {
  const amount = dailyCost === undefined ? {} : { dailyCost: parseAmount(dailyCost) };
  return { cost: { daysCovered: 1, isStale: false, ...amount } };
}

const inDollars = (row: LedgerRow): LedgerRow =>
  row.figures ? { ...row, figures: { ...row.figures, currency: 'USD' } } : row;

function totalsOf(rows: LedgerRow[], ...included: string[]) {
  const totals = new CurrencyTotals();
  for (const row of rows) totals.add(row);
  for (const currency of included) totals.include(currency);
  return totals.totals(base);
}

describe('the totals of a day', () => {
  it('are of each currency by itself, to the last digit', () => {
    const rows = [
      { ...dayOf('2026-03-10', '0.1'), ...costOf('28.82860766744404945074') },
      { ...dayOf('2026-03-10', '0.2'), ...costOf('0.00000000000000000001') },
      inDollars({ ...dayOf('2026-03-10', '7'), ...costOf('-3') }),
    ];
    const counts = { customersMissing: 0 };
    expect(totalsOf(rows)).toEqual([
      {
        ...base,
        ...counts,
        currency: 'EUR',
        totalCost: '0.3',
        dailyCost: '28.82860766744404945075',
        customers: 2,
      },
      { ...base, ...counts, currency: 'USD', totalCost: '7', dailyCost: '-3', customers: 1 },
    ]);
  });

  it('have no daily cost of a customer whose figures are not fresh', () => {
    expect(
      totalsOf([{ ...dayOf('2026-03-10', '5'), ...costOf() }, dayOf('2026-03-10', '5')]),
    ).toEqual([expect.objectContaining({ totalCost: '10', dailyCost: '0', customers: 2 })]);
  });

  it('have the cost that is gone of a customer without figures, in the currency it had', () => {
    const gone = bare('noUsage', { expectedCurrency: 'USD', ...costOf('-240') });
    expect(totalsOf([gone, bare('noUsage', costOf('0'))])).toEqual([
      {
        ...base,
        currency: 'USD',
        totalCost: '0',
        dailyCost: '-240',
        customers: 0,
        customersMissing: 0,
      },
    ]);
  });

  it('count a failed customer without figures as missing, in its currency or in an unknown one', () => {
    const rows = [
      bare('failed', { expectedCurrency: 'USD' }),
      bare('failed'),
      bare('refused'),
      dayOf('2026-03-10', '5', { outcome: 'failed' }),
    ];
    expect(
      totalsOf(rows).map(({ currency, customers, customersMissing }) => [
        currency,
        customers,
        customersMissing,
      ]),
    ).toEqual([
      ['USD', 0, 1],
      ['XXX', 0, 1],
      ['EUR', 1, 0],
    ]);
  });

  it('are 0 of a currency that no customer has any more', () => {
    const [euro, dollar, ...others] = totalsOf([dayOf('2026-03-10', '5')], 'EUR', 'USD');
    expect(euro).toMatchObject({ currency: 'EUR', totalCost: '5' });
    expect(dollar).toMatchObject({ currency: 'USD', totalCost: '0', customers: 0 });
    expect(others).toEqual([]);
  });
});
