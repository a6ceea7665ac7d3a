import type { Entity } from '../../src/storage/columns.ts';
import {
  fromCustomerEntity,
  fromPartnerEntity,
  fromSubscriptionEntity,
} from '../../src/storage/usageRows.ts';
import { computeDailyCosts, computePeriods, type DailyItem } from '../../src/usage/history.ts';
import type { Deliveries } from './deliveries.ts';
import type { Ledger } from './ledger.ts';
import { periodOf, type Resource, type Showing } from './showing.ts';
import type { Trace } from './trace.ts';

/** Whether something kept a run from writing what it was shown of a resource. */
export type IsHindered = (runId: string, resource: Resource) => boolean;

export interface LastTotalsOptions {
  ledger: Ledger;
  deliveries: Deliveries;
  trace: Trace;
  isHindered: IsHindered;
}

/** All that was shown of one resource. */
interface Shown {
  resource: Resource;
  showings: Showing[];
  /** Those that came to a run which came to its end and could write. */
  seen: Set<Showing>;
  /** Showings that were there when the API last said "no usage". */
  beforeNoUsage: number;
}

/**
 * Partner Center never shows a closed period again: of every resource and every billing period the
 * last total that it was seen to show has to be in the tables, and both histories have to tell it.
 */
export class LastTotals {
  readonly #options: LastTotalsOptions;
  readonly #shown = new Map<string, Shown>();
  readonly #byRun = new Map<string, Showing[]>();
  readonly #reported = new Set<string>();

  constructor(options: LastTotalsOptions) {
    this.#options = options;
    options.deliveries.onShown((showing) => this.#note(showing));
    options.deliveries.onNoUsage((resource) => {
      const shown = this.#shownOf(resource);
      shown.beforeNoUsage = shown.showings.length;
    });
    options.ledger.addRule((table, row) => {
      const isEnd = row['status'] === 'complete' || row['status'] === 'partial';
      if (table === 'SnapshotRuns' && isEnd) this.#endRun(row.rowKey);
    });
  }

  /** Looks at all that was ever shown. */
  checkAll(): void {
    for (const shown of this.#shown.values()) this.#check(shown);
  }

  /** The last answer for a period that came to a run which could write it. */
  lastSeen({ key }: Resource, period: string): Showing | undefined {
    const shown = this.#shown.get(key);
    return shown?.showings.findLast((one) => one.period === period && shown.seen.has(one));
  }

  #shownOf(resource: Resource): Shown {
    const shown = this.#shown.get(resource.key) ?? {
      ...{ resource, showings: [], seen: new Set<Showing>(), beforeNoUsage: 0 },
    };
    this.#shown.set(resource.key, shown);
    return shown;
  }

  #note(showing: Showing): void {
    this.#shownOf(showing.resource).showings.push(showing);
    const ofRun = this.#byRun.get(showing.runId) ?? [];
    this.#byRun.set(showing.runId, ofRun);
    ofRun.push(showing);
  }

  #endRun(runId: string): void {
    const touched = new Set<Shown>();
    for (const showing of this.#byRun.get(runId) ?? []) {
      const shown = this.#shownOf(showing.resource);
      touched.add(shown);
      if (!this.#options.isHindered(runId, showing.resource)) shown.seen.add(showing);
    }
    this.#byRun.delete(runId);
    for (const shown of touched) this.#check(shown);
  }

  #check(shown: Shown): void {
    const rows = this.#rowsOf(shown.resource);
    const last = new Map<string | undefined, Showing>();
    for (const showing of shown.showings)
      if (shown.seen.has(showing)) last.set(showing.period, showing);
    let history: DailyItem[] | undefined;
    for (const [period, showing] of last) {
      if (period === undefined) {
        const problem = problemOfUnnamed(showing, rows);
        if (problem) this.#report('lastTotals', showing, problem);
        continue;
      }
      // One row cannot hold two periods: the first totals of the later one come with the next date.
      if (isEarlierPeriod(rows.get(showing.date), period)) continue;
      const totals = totalsSince(shown, showing);
      const kept = [...rows.values()].filter((row) => periodOf(row['billingStartDate']) === period);
      if (!kept.some((row) => totals.has(String(row['totalCostExact'])))) {
        const held = kept.map(describeRow).join(', ') || 'none';
        const there = describeRow(rows.get(showing.date));
        this.#report('lastTotals', showing, `rows of the period: ${held}; of the date: ${there}`);
        continue;
      }
      history ??= this.#historyOf(shown, rows, showing);
      const problem =
        history && problemOfHistory(history, period, totals, isSilenced(shown, showing));
      if (problem) this.#report('history', showing, problem);
    }
  }

  /** The rows of a resource, by date. */
  #rowsOf({ partitionKey, rowPrefix }: Resource): Map<string, Entity> {
    const rows = [...this.#options.ledger.partition('UsageByCustomer', partitionKey)]
      .filter(([rowKey]) => rowKey.startsWith(rowPrefix))
      .map(([rowKey, row]): [string, Entity] => [rowKey.slice(rowPrefix.length), row]);
    return new Map(rows.sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  #historyOf(
    { resource }: Shown,
    rows: ReadonlyMap<string, Entity>,
    showing: Showing,
  ): DailyItem[] | undefined {
    try {
      return computeDailyCosts([...rows.values()].map((row) => snapshotOf(resource, row)));
    } catch (error) {
      this.#report('history', showing, String(error));
      return undefined;
    }
  }

  /** Once: what is lost stays lost. */
  #report(invariant: string, { resource, ...showing }: Showing, problem: string): void {
    const what = `${resource.key}, period ${showing.period ?? 'not named'}`;
    const key = `${invariant} ${what} ${showing.totalCost}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const when = `${showing.totalCost} was shown at ${new Date(showing.atMs).toISOString()}`;
    this.#options.trace.report(invariant, `${what}: ${when} to ${showing.runId}; ${problem}`);
  }
}

function snapshotOf({ rowPrefix }: Resource, row: Entity) {
  if (rowPrefix === 'partner|') return fromPartnerEntity('UsageByCustomer', row);
  if (rowPrefix === 'customer|') return fromCustomerEntity('UsageByCustomer', row);
  return fromSubscriptionEntity('UsageByCustomer', row);
}

/** Figures without a period are those of their date. */
function problemOfUnnamed({ date }: Showing, rows: ReadonlyMap<string, Entity>) {
  const row = rows.get(date);
  return row?.['totalCostExact'] === undefined
    ? `the row of the date: ${describeRow(row)}`
    : undefined;
}

function isEarlierPeriod(row: Entity | undefined, period: string): boolean {
  const own = periodOf(row?.['billingStartDate']);
  return own !== undefined && own < period;
}

/** The last total, and those that came later to somebody who may have written them. */
function totalsSince({ showings }: Shown, last: Showing): ReadonlySet<string> {
  const later = showings.slice(showings.indexOf(last));
  const isSame = ({ period, spoiled }: Showing) =>
    period === last.period || spoiled.includes('billingStartDate');
  return new Set(later.filter(isSame).map(({ totalCost }) => totalCost));
}

/** Whether the API said "no usage" after the total: that stands for 0. */
function isSilenced({ showings, beforeNoUsage }: Shown, last: Showing): boolean {
  return showings.indexOf(last) < beforeNoUsage;
}

function problemOfHistory(
  history: readonly DailyItem[],
  period: string,
  totals: ReadonlySet<string>,
  isZeroFine: boolean,
): string | undefined {
  const ofDay = history.filter(({ figures }) => periodOf(figures?.billingStartDate) === period);
  if (!ofDay.some(({ totalCost }) => totals.has(String(totalCost)))) {
    return `by day: ${ofDay.map(({ date, totalCost }) => `${date} ${totalCost}`).join(', ')}`;
  }
  const ofPeriod = computePeriods(history).filter((item) => item.billingPeriodStart === period);
  const isFine = (totalCost: string) => totals.has(totalCost) || (isZeroFine && totalCost === '0');
  if (ofPeriod.some((item) => isFine(String(item.totalCost)))) return undefined;
  return `by period: ${ofPeriod.map(({ totalCost }) => String(totalCost)).join(', ') || 'none'}`;
}

function describeRow(row: Entity | undefined): string {
  if (row === undefined) return 'none';
  const { outcome, snapshotDate, totalCostExact, billingStartDate } = row;
  return `${String(snapshotDate)} ${String(outcome)} ${String(totalCostExact)} of ${String(billingStartDate)}`;
}
