import Big from 'big.js';
import type { Amount } from './amount.ts';
import { type AzureSubscriptionSnapshot, restId } from './azureSubscriptionSnapshot.ts';
import { billingPeriodOf } from './billingPeriod.ts';
import type { ComparedCost } from './changes.ts';
import { addDays } from './date.ts';
import type { Comparison } from './movement.ts';
import type { Plan } from './plan.ts';

/** Two days of a customer whose costs can be compared. */
export interface ChangeDays {
  against: Comparison;
  date: string;
  beforeDate: string;
  /** ISO 4217, of the change: plans in another currency are not compared. */
  currency: string;
}

/** Which part of the cost of both days the records of a day are: 1, 0 or -1 times their totals. */
export interface RecordedPart {
  date: string;
  before: number;
  after: number;
}

/** A plan, or legacy subscription, whose records tell its cost on both days. */
export interface ComparedPlan {
  subscriptionId: string;
  plan: Plan;
  currencyCode?: string;
  /** Its Azure subscriptions on both days, without the rest. */
  before: readonly AzureSubscriptionSnapshot[];
  after: readonly AzureSubscriptionSnapshot[];
  /** The records that make up both costs, the newest first. */
  records: RecordedPart[];
}

/** The total of a plan itself; `undefined` where it is not known, 0 where there was no such plan. */
export type TotalOf = (subscriptionId: string, date: string) => Promise<Amount | undefined>;

/**
 * A plan without records on a day is taken for one that cost nothing where its total was at most
 * this part of what it is compared with: it was new, or too small for having records.
 */
const smallPart = 0.1;

/** The days whose rows tell the cost of both days: each, and the day before it. */
export function daysOfChange({ date, beforeDate }: ChangeDays): string[] {
  return [...new Set([date, addDays(date, -1), beforeDate, addDays(beforeDate, -1)])];
}

/**
 * The plans whose records tell the cost of both days, as the customer's own cost of these days is
 * counted: a daily cost of one day, or of a billing period so far.
 *
 * @param rows of {@link daysOfChange}, in any order
 */
export async function comparePlans(
  rows: readonly AzureSubscriptionSnapshot[],
  days: ChangeDays,
  totalOf: TotalOf,
): Promise<ComparedPlan[]> {
  const compared: ComparedPlan[] = [];
  for (const [subscriptionId, ofPlan] of Map.groupBy(rows, (row) => row.subscriptionId)) {
    const records = new PlanRecords(ofPlan, days, (date) => totalOf(subscriptionId, date));
    const plan = await records.compare(subscriptionId);
    if (plan) compared.push(plan);
  }
  return compared;
}

/** What a row adds to the costs of both days. */
export function costOfRow(row: AzureSubscriptionSnapshot, { against }: ChangeDays): Big {
  const { figures, cost } = row;
  return new Big((against === 'period' ? figures?.totalCost : cost?.dailyCost) ?? 0);
}

/** The cost of both days of a plan's records, from their totals on one of the days. */
export function costOfRecord(totalCost: Amount, { before, after }: RecordedPart): ComparedCost {
  const total = new Big(totalCost);
  return { before: total.times(before), after: total.times(after) };
}

/** The rows of one plan on the days of a change. */
class PlanRecords {
  readonly #byDate: ReadonlyMap<string, AzureSubscriptionSnapshot[]>;
  readonly #days: ChangeDays;
  readonly #totalOn: (date: string) => Promise<Amount | undefined>;

  constructor(
    rows: readonly AzureSubscriptionSnapshot[],
    days: ChangeDays,
    totalOn: (date: string) => Promise<Amount | undefined>,
  ) {
    this.#byDate = Map.groupBy(rows, ({ snapshotDate }) => snapshotDate);
    this.#days = days;
    this.#totalOn = totalOn;
  }

  /** @returns `undefined` where the records do not tell the cost of both days */
  async compare(subscriptionId: string): Promise<ComparedPlan | undefined> {
    const { date, beforeDate, currency } = this.#days;
    const figures = this.#figuresOn(date) ?? this.#figuresOn(beforeDate);
    if (figures?.currency !== currency || !this.#arePeriodsAlike()) return undefined;
    const after = await this.#datesOfCost(date);
    const before = await this.#datesOfCost(beforeDate);
    if (after === undefined || before === undefined) return undefined;
    const { plan, currencyCode } = figures;
    const dates = [...new Set([...after.keys(), ...before.keys()])].sort().reverse();
    return {
      subscriptionId,
      plan,
      ...(currencyCode !== undefined && { currencyCode }),
      before: this.#partsOn(beforeDate),
      after: this.#partsOn(date),
      records: dates.map((each) => ({
        date: each,
        before: before.get(each) ?? 0,
        after: after.get(each) ?? 0,
      })),
    };
  }

  /** Of periods: whether one follows the other, as far as both are known. */
  #arePeriodsAlike(): boolean {
    if (this.#days.against !== 'period') return true;
    const [before, after] = [
      this.#periodOn(this.#days.beforeDate),
      this.#periodOn(this.#days.date),
    ];
    return before === undefined || after === undefined || before.end === after.start;
  }

  /** The days whose totals make up the cost of a day; `undefined` where they do not tell it. */
  async #datesOfCost(date: string): Promise<Map<string, number> | undefined> {
    if (!this.#isKnown(date)) {
      return (await this.#isSmallOn(date)) ? new Map() : undefined;
    }
    const own: [string, number] = [date, 1];
    if (this.#days.against === 'period') return new Map([own]);
    const costs = this.#partsOn(date).map(({ cost }) => cost);
    if (costs.some((cost) => cost?.dailyCost === undefined)) return undefined;
    const dayBefore = addDays(date, -1);
    if (costs.every((cost) => cost?.daysCovered === 1)) {
      return new Map(this.#isSamePeriod(date, dayBefore) ? [own, [dayBefore, -1]] : [own]);
    }
    const isWhole = !this.#isKnown(dayBefore) && this.#countsFromZero(date);
    return isWhole && (await this.#isSmallOn(dayBefore)) ? new Map([own]) : undefined;
  }

  /** Whether there are records of the plan, even if they name nothing. */
  #isKnown(date: string): boolean {
    const rest = this.#rowsOn(date).find(({ azureSubscriptionId: id }) => id === restId);
    return rest !== undefined && rest.outcome !== 'refused';
  }

  #rowsOn(date: string): readonly AzureSubscriptionSnapshot[] {
    return this.#byDate.get(date) ?? [];
  }

  #partsOn(date: string): AzureSubscriptionSnapshot[] {
    if (!this.#isKnown(date)) return [];
    return this.#rowsOn(date).filter(({ azureSubscriptionId: id }) => id !== restId);
  }

  #figuresOn(date: string) {
    return this.#rowsOn(date).find(({ figures }) => figures)?.figures;
  }

  #periodOn(date: string) {
    const figures = this.#figuresOn(date);
    return figures && billingPeriodOf(figures);
  }

  #isSamePeriod(date: string, dayBefore: string): boolean {
    if (!this.#isKnown(dayBefore)) return false;
    const [own, other] = [this.#periodOn(date), this.#periodOn(dayBefore)];
    // Records that name nothing any more have no figures: they go on with the period.
    return own === undefined || other === undefined || own.start === other.start;
  }

  #countsFromZero(date: string): boolean {
    return this.#partsOn(date).every(
      ({ figures, cost }) => figures && cost?.dailyCost === figures.totalCost,
    );
  }

  async #isSmallOn(date: string): Promise<boolean> {
    const total = await this.#totalOn(date);
    if (total === undefined) return false;
    const [one, other] = [
      this.#totalOfParts(this.#days.date),
      this.#totalOfParts(this.#days.beforeDate),
    ];
    return new Big(total).lte((one.gt(other) ? one : other).times(smallPart));
  }

  #totalOfParts(date: string): Big {
    return this.#partsOn(date).reduce(
      (sum, { figures }) => sum.plus(figures?.totalCost ?? 0),
      new Big(0),
    );
  }
}
