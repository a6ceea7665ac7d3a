import type { ExpectedCustomer, ExpectedSubscription } from '../../src/simulator/expectation.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import type { Entity } from '../../src/storage/columns.ts';

/** ISO 4217, by what the figures say of their currency, from 2026 on. */
const currencies: Record<string, string> = {
  'fr-FR': 'EUR',
  'en-US': 'USD',
  'sv-SE': 'SEK',
  'hr-HR': 'EUR',
  'sr-Latn-RS': 'RSD',
  'en-GB': 'GBP',
  'de-CH': 'CHF',
};

/** Longest time between the simulator's answer and the row's `capturedAt`. */
const longestWayMs = 5 * 60_000;
const hourMs = 3_600_000;

/** What the rows must say, by the simulator's own word. */
export class Oracle {
  readonly #simulator: Simulator;
  readonly #cache = new Map<string, ExpectedCustomer>();

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  /** Figures change at midnight UTC, and at the midnights of billing periods: at full hours. */
  expected(customerId: string, atMs: number): ExpectedCustomer {
    const hour = Math.floor(atMs / hourMs);
    const key = `${customerId} ${hour}`;
    const cached = this.#cache.get(key);
    if (cached) return cached;
    const fresh = this.#simulator.expectedCustomer(customerId, hour * hourMs);
    this.#cache.set(key, fresh);
    return fresh;
  }

  /** What is wrong with the figures of a row that has some; `undefined` if nothing is. */
  problemOf(row: Entity): string | undefined {
    const capturedMs = Date.parse(String(row['capturedAt']));
    const problem = this.#problemAt(row, capturedMs);
    // A period may have ended while the answer was on its way.
    return problem && this.#problemAt(row, capturedMs - longestWayMs) && problem;
  }

  #problemAt(row: Entity, atMs: number): string | undefined {
    const customer = this.expected(String(row['customerId']), atMs);
    if (row['resource'] === 'customer') {
      const { budgetAmount, percentUsed } = customer;
      const hasBudget = budgetAmount !== undefined && Number(budgetAmount) > 0;
      const own = {
        customerName: customer.name,
        budgetAmount: budgetAmount === undefined ? undefined : Number(budgetAmount),
        percentUsed: hasBudget ? Number(percentUsed) : undefined,
      };
      return differenceOf(row, { ...figuresOf(customer, customer, atMs), ...own });
    }
    const id = String(row['subscriptionId']);
    const subscription = customer.subscriptions.find((each) => each.id === id);
    if (!subscription) return `${customer.id} has no subscription ${id}`;
    const { name, status, offerId, partnerOnRecord } = subscription;
    const own = { customerName: customer.name, subscriptionName: name, offerId, partnerOnRecord };
    const figures = figuresOf(subscription, customer, atMs);
    return differenceOf(row, { ...figures, ...own, subscriptionStatus: status });
  }
}

function figuresOf(
  { totalCost, usdTotalCost, lastModifiedDate }: ExpectedCustomer | ExpectedSubscription,
  customer: ExpectedCustomer,
  atMs: number,
) {
  const { currencyCode, currencyLocale, billingStartDate, billingEndDate } = customer;
  return {
    totalCost: Number(totalCost),
    totalCostExact: totalCost,
    usdTotalCostExact: usdTotalCost,
    lastModifiedDate,
    billingStartDate,
    billingEndDate,
    currencyCode,
    currencyLocale,
    currency: currencyCode ?? currencyOfLocale(currencyLocale ?? '', atMs),
    plan: customer.kind === 'legacy' ? 'payAsYouGo' : 'azurePlan',
  };
}

function currencyOfLocale(locale: string, atMs: number): string | undefined {
  // Bulgaria took the euro with the year 2026.
  if (locale === 'bg-BG') return atMs < Date.UTC(2026, 0, 1) ? 'BGN' : 'EUR';
  return currencies[locale];
}

function differenceOf(row: Entity, expected: Record<string, string | number | undefined>) {
  for (const [column, value] of Object.entries(expected)) {
    const stored = row[column];
    const got = typeof stored === 'object' ? Number(stored.value) : stored;
    if (got !== value) return `${column}: expected ${value}, got ${String(got)}`;
  }
  return undefined;
}
