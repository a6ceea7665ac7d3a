import Big from 'big.js';
import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import type { Entity } from '../../src/storage/columns.ts';
import type { Deliveries, Saying } from './deliveries.ts';
import type { HiddenCustomers } from './hiddenCustomers.ts';
import type { Ledger } from './ledger.ts';
import { type RowFigures, resourceOfRow } from './rowFigures.ts';
import { numberOf } from './rows.ts';

export interface DayRulesOptions {
  customers: readonly ExpectedCustomer[];
  ledger: Ledger;
  deliveries: Deliveries;
  figures: RowFigures;
  hidden: readonly HiddenCustomers[];
  /** Whether licences count as customers: the run asks everybody on the list. */
  isListAsked: boolean;
}

/** A stretch of time, both ends in milliseconds since the epoch. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** Clocks of processes differ from the world's by less. */
const maxSkewMs = 10 * 60_000;

/** What the rows of a whole day must keep to. */
export class DayRules {
  readonly #options: DayRulesOptions;

  constructor(options: DayRulesOptions) {
    this.#options = options;
  }

  /** Whom the API names over a span, pages that it kept back included. */
  named({ fromMs, toMs }: Span): ExpectedCustomer[] {
    const { customers, isListAsked } = this.#options;
    const hidden = this.#options.hidden.filter(
      (each) => each.fromMs <= toMs + maxSkewMs && each.toMs >= fromMs - maxSkewMs,
    );
    return customers.filter(({ id, isListed, hasUsageRecord }) => {
      const isInList = isListAsked && isListed && !hidden.some((each) => each.fromList.has(id));
      return isInList || (hasUsageRecord && !hidden.some((each) => each.fromRecords.has(id)));
    });
  }

  /** What is missing or wrong of a day whose run says that it is whole; one line each. */
  *problemsOfCompleteDay(date: string, span: Span, runId: string): Generator<string> {
    const { ledger, deliveries } = this.#options;
    const named = new Set(this.named(span).map(({ id }) => id));
    for (const id of deliveries.named(runId)) named.add(id);
    for (const id of named) {
      const row = ledger.partition('UsageByDay', date).get(id);
      if (!row) yield `${id} has no row`;
      else if (row['outcome'] === 'failed') yield `${id} is failed`;
      else yield* this.problemsOfDoneCustomer(date, row);
    }
  }

  /** What is missing or wrong of a customer that the day's ledger has as done. */
  *problemsOfDoneCustomer(date: string, day: Entity): Generator<string> {
    const { ledger, figures } = this.#options;
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
    for (const row of [day, customer]) {
      const problem = this.#problemOfOutcome(row);
      if (problem) yield `${customerId}: ${problem}`;
    }
    if (outcome !== 'usage') return;
    const isSame = day['totalCostExact'] === customer['totalCostExact'];
    if (!isSame) yield `${customerId}: its day has another cost`;
    yield* this.#problemsOfSubscriptions(date, customer, figures.customer(customerId));
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

  *#problemsOfSubscriptions(date: string, row: Entity, customer: ExpectedCustomer) {
    const { ledger, deliveries } = this.#options;
    const runId = String(row['runId']);
    const rows = ledger.partition('UsageByCustomer', row.partitionKey);
    const named: unknown = JSON.parse(String(row['subscriptionIds'] ?? '[]'));
    const ids = customer.subscriptions.map(({ id }) => id).sort();
    const isListRefused = deliveries.isListRefused(runId, customer.id);
    if (JSON.stringify(named) !== JSON.stringify(ids) && !isListRefused) {
      yield `${customer.id} names the subscriptions ${JSON.stringify(named)}, expected ${ids}`;
    }
    for (const id of isListRefused ? [] : ids) {
      const own = rows.get(`subscription|${id}|${date}`);
      const problem = own ? this.#problemOfOutcome(own) : 'has no row';
      if (problem) yield `${customer.id}: subscription ${id}: ${problem}`;
    }
  }

  /** A row says what the API said to its run, and nothing else. */
  #problemOfOutcome(row: Entity): string | undefined {
    const { deliveries, figures } = this.#options;
    const resource = resourceOfRow(row);
    const runId = String(row['runId']);
    const outcome = String(row['outcome']);
    if (outcome === 'usage') return figures.problemOf(row);
    if (!isSaying(outcome) || outcome === 'failed') return `is ${outcome}`;
    if (!deliveries.isSaid(runId, resource, outcome)) return `is ${outcome}, which nobody said`;
    if (outcome === 'refused') return undefined;
    if (deliveries.isCostNamed(runId, resource)) return 'is noUsage, with a cost in a usage record';
    const isTrue = !figures.customer(resource.partitionKey).hasUsageRecord;
    const isOfSubscription = resource.rowPrefix !== 'customer|';
    if (isTrue || isOfSubscription || this.#isConfirmable(row)) return undefined;
    return 'is noUsage, and no usage records were read';
  }

  /** Whether a run of the date has heard the usage records, or the day does not claim to be whole. */
  #isConfirmable(row: Entity): boolean {
    const { deliveries, ledger } = this.#options;
    const runs = [...ledger.partition('SnapshotRuns', String(row['snapshotDate'])).values()];
    const isWhole = runs.some((run) => run['status'] === 'complete');
    return !isWhole || runs.some(({ rowKey }) => deliveries.hasRecords(rowKey));
  }
}

function isSaying(outcome: string): outcome is Saying {
  return outcome === 'noUsage' || outcome === 'refused' || outcome === 'failed';
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
