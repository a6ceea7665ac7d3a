import Big from 'big.js';
import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import type { Entity } from '../../src/storage/columns.ts';
import type { Outcome } from '../../src/usage/usageSnapshot.ts';
import type { Excuses } from './excuses.ts';
import type { Ledger } from './ledger.ts';
import type { Oracle } from './oracle.ts';
import { numberOf } from './rowRules.ts';

export interface DayRulesOptions {
  simulator: Simulator;
  ledger: Ledger;
  oracle: Oracle;
  excuses: Excuses;
  /** Whether licences count as customers: the run asks everybody on the list. */
  isListAsked: boolean;
}

/** A stretch of time, both ends in milliseconds since the epoch. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** What the rows of a whole day must keep to. */
export class DayRules {
  readonly #options: DayRulesOptions;

  constructor(options: DayRulesOptions) {
    this.#options = options;
  }

  /** Whom the API named at some time of a span, at the least. */
  named({ fromMs, toMs }: Span): ExpectedCustomer[] {
    const { simulator, excuses, isListAsked } = this.#options;
    const hidden = excuses.hidden.filter((each) => each.fromMs <= toMs && each.toMs >= fromMs);
    return [...simulator.customers(fromMs)].filter(({ id, isListed, hasUsageRecord }) => {
      const isInList = isListAsked && isListed && !hidden.some((each) => each.fromList.has(id));
      return isInList || (hasUsageRecord && !hidden.some((each) => each.fromRecords.has(id)));
    });
  }

  /** What is missing or wrong of a day whose run says that it is whole; one line each. */
  *problemsOfCompleteDay(date: string, span: Span): Generator<string> {
    for (const customer of this.named(span)) {
      const row = this.#options.ledger.partition('UsageByDay', date).get(customer.id);
      if (!row) yield `${customer.id} (${customer.kind}) has no row`;
      else if (row['outcome'] === 'failed') yield `${customer.id} is failed`;
      else yield* this.problemsOfDoneCustomer(date, row);
    }
  }

  /** What is missing or wrong of a customer that the day's ledger has as done. */
  *problemsOfDoneCustomer(date: string, day: Entity): Generator<string> {
    const { ledger, oracle } = this.#options;
    const customerId = day.rowKey;
    const outcome = day['outcome'];
    const rows = ledger.partition('UsageByCustomer', customerId);
    const customer = rows.get(`customer|${date}`);
    if (!customer) {
      yield `${customerId} is ${String(outcome)} without a row in UsageByCustomer`;
      return;
    }
    if (customer['outcome'] !== outcome) {
      yield `${customerId} is ${String(outcome)}, in UsageByCustomer ${String(customer['outcome'])}`;
    }
    const expected = oracle.expected(customerId, Date.parse(String(customer['capturedAt'])));
    if (!this.#isExpected(date, expected, outcome as Outcome)) {
      yield `${customerId} (${expected.kind}) is ${String(outcome)}`;
    }
    for (const row of outcome === 'usage' ? [day, customer] : []) {
      const problem = oracle.problemOf(row);
      if (problem) yield `${customerId}: ${problem}`;
    }
    if (outcome === 'usage') yield* this.#problemsOfSubscriptions(date, customer, expected);
  }

  /** Whether totals rows are the exact sums of the day; one line for each that is not. */
  *problemsOfTotals(date: string): Generator<string> {
    const { ledger } = this.#options;
    const sums = sumsOf(ledger.partition('UsageByDay', date).values());
    for (const row of ledger.partition('UsageByCustomer', 'partner').values()) {
      if (row['snapshotDate'] !== date || row['resource'] === 'partner') continue;
      const currency = String(row['currency']);
      const problem = problemOfTotal(row, sums.get(currency));
      if (problem) yield `${currency}: ${problem}`;
      sums.delete(currency);
    }
    for (const [currency, { customers, missing }] of sums) {
      yield `${currency}: no total, of ${customers} customers and ${missing} missing`;
    }
  }

  /** Whether one totals row is the sum of the day as it is now. */
  problemOfTotal(row: Entity): string | undefined {
    const day = this.#options.ledger.partition('UsageByDay', String(row['snapshotDate']));
    return problemOfTotal(row, sumsOf(day.values()).get(String(row['currency'])));
  }

  *#problemsOfSubscriptions(date: string, row: Entity, expected: ExpectedCustomer) {
    const { ledger, oracle, excuses } = this.#options;
    const rows = ledger.partition('UsageByCustomer', row.partitionKey);
    const named: unknown = JSON.parse(String(row['subscriptionIds'] ?? '[]'));
    const ids = expected.subscriptions.map(({ id }) => id).sort();
    if (JSON.stringify(named) !== JSON.stringify(ids)) {
      yield `${expected.id} names the subscriptions ${JSON.stringify(named)}, expected ${ids}`;
    }
    for (const { id, totalCost } of expected.subscriptions) {
      const own = rows.get(`subscription|${id}|${date}`);
      const outcome = String(own?.['outcome']) as Outcome;
      const isRefused = excuses.isAllowed(date, expected.id, 'refused') && outcome === 'refused';
      if (outcome !== 'usage' && !isRefused && !this.#isExcused(date, id, outcome, totalCost)) {
        yield `${expected.id}: subscription ${id} is ${outcome}`;
      }
      const problem = outcome === 'usage' && own && oracle.problemOf(own);
      if (problem) yield `${expected.id}: ${problem}`;
    }
  }

  #isExpected(date: string, expected: ExpectedCustomer, outcome: Outcome): boolean {
    if (outcome === (expected.kind === 'licensesOnly' ? 'noUsage' : 'usage')) return true;
    return this.#isExcused(date, expected.id, outcome, expected.totalCost);
  }

  /** A false "no usage" is only believed where nothing was spent, by the lists' own word. */
  #isExcused(date: string, id: string, outcome: Outcome, totalCost: string): boolean {
    const { excuses } = this.#options;
    if (!excuses.isAllowed(date, id, outcome)) return false;
    return outcome !== 'noUsage' || Number(totalCost) === 0 || excuses.isUnopposed(date, id);
  }
}

interface Sum {
  cost: Big;
  customers: number;
  missing: number;
}

function sumsOf(rows: Iterable<Entity>): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    const cost = row['totalCostExact'];
    if (cost === undefined && row['outcome'] !== 'failed') continue;
    const currency = String(row['currency'] ?? 'XXX');
    const sum = sums.get(currency) ?? { cost: new Big(0), customers: 0, missing: 0 };
    sums.set(currency, sum);
    if (cost === undefined) sum.missing++;
    else {
      sum.customers++;
      sum.cost = sum.cost.plus(String(cost));
    }
  }
  return sums;
}

function problemOfTotal(row: Entity, sum: Sum | undefined): string | undefined {
  const { cost, customers, missing } = sum ?? { cost: new Big(0), customers: 0, missing: 0 };
  const got = [
    row['totalCostExact'],
    numberOf(row, 'customers'),
    numberOf(row, 'customersMissing'),
  ];
  const expected = [cost.toFixed(), customers, missing];
  return expected.join() === got.join() ? undefined : `expected ${expected}, got ${got.join()}`;
}
