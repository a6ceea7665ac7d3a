import Big from 'big.js';
import { toAmount } from '../usage/amount.ts';
import { unknownCurrency } from '../usage/currency.ts';
import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import { costCurrencyOf, type LedgerRow } from '../usage/ledgerRow.ts';

/** Adds up a day's rows, as they pass by, by currency. */
export class CurrencyTotals {
  readonly #byCurrency = new Map<
    string,
    { cost: Big; dailyCost: Big; customers: number; missing: number }
  >();

  add(row: LedgerRow): void {
    const { outcome, figures, cost } = row;
    const currency = costCurrencyOf(row);
    // A customer that never spent anything has a cost of 0 in no currency.
    if (cost?.dailyCost !== undefined && currency !== undefined) {
      const total = this.#of(currency);
      total.dailyCost = total.dailyCost.plus(cost.dailyCost);
    }
    if (figures) {
      const total = this.#of(figures.currency);
      total.cost = total.cost.plus(figures.totalCost);
      total.customers++;
    } else if (outcome === 'failed') {
      this.#of(currency ?? unknownCurrency).missing++;
    }
  }

  /** Ensures a total, of 0 where no row has the currency. */
  include(currency: string): void {
    this.#of(currency);
  }

  totals(base: Pick<CurrencyTotal, 'snapshotDate' | 'capturedAt' | 'runId'>): CurrencyTotal[] {
    return [...this.#byCurrency].map(([currency, { cost, dailyCost, customers, missing }]) => ({
      ...base,
      currency,
      totalCost: toAmount(cost),
      dailyCost: toAmount(dailyCost),
      customers,
      customersMissing: missing,
    }));
  }

  #of(currency: string) {
    const known = this.#byCurrency.get(currency);
    if (known) return known;
    const fresh = { cost: new Big(0), dailyCost: new Big(0), customers: 0, missing: 0 };
    this.#byCurrency.set(currency, fresh);
    return fresh;
  }
}
