import type { CallOptions, ListOptions } from '../callOptions.ts';
import type { AzureSubscriptionSnapshot } from '../usage/azureSubscriptionSnapshot.ts';
import type { BudgetAlert } from '../usage/budgetAlert.ts';
import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import type { DateRange } from '../usage/date.ts';
import type { AnomalyRow, RankedRow } from '../usage/ledgerRow.ts';
import type { RecordedDay } from '../usage/recordedDay.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot, ResourceId, SubscriptionSnapshot } from '../usage/usageSnapshot.ts';

/** The tables, as queries read them: ranges of one partition and single rows, but for one scan. */

/** `UsageByCustomer`. */
export interface UsageByCustomerReader {
  /** The oldest first. */
  listHistory(
    customerId: string,
    range: DateRange & { subscriptionId?: string | undefined },
    options?: ListOptions,
  ): AsyncIterable<RecordedDay>;
  /** Its first row; undefined where it never had one. */
  findSnapshot(resource: ResourceId, options?: CallOptions): Promise<RecordedDay | undefined>;
  getCustomerSnapshot(
    customerId: string,
    date: string,
    options?: CallOptions,
  ): Promise<CustomerSnapshot | undefined>;
  /** In the order of the ids; those without a row of that day are left out. */
  listSubscriptionSnapshots(
    customerId: string,
    subscriptionIds: readonly string[],
    date: string,
    options?: CallOptions,
  ): Promise<SubscriptionSnapshot[]>;
  listTotals(range: DateRange, options?: ListOptions): AsyncIterable<CurrencyTotal>;
}

/** `UsageByDay`. */
export interface UsageByDayReader {
  getDay(date: string, customerId: string, options?: CallOptions): Promise<RankedRow | undefined>;
  /** Every customer of a day, with the columns of a ranking. */
  listRanking(date: string, options?: ListOptions): AsyncIterable<RankedRow>;
  /** The anomalies of a day, of all customers or of one, by customer id. */
  listAnomalies(
    query: { date: string; customerId?: string | undefined },
    options?: ListOptions,
  ): AsyncIterable<AnomalyRow>;
}

/** `SnapshotRuns`. */
export interface SnapshotRunsReader {
  /** By date and start. */
  list(range: DateRange, options?: ListOptions): AsyncIterable<SnapshotRun>;
}

/** `BudgetAlerts`. */
export interface BudgetAlertsReader {
  /** Those with the status `raised`, selected by the day of their figures; in any order. */
  listRaised(
    range: DateRange & { customerId?: string | undefined },
    options?: ListOptions,
  ): AsyncIterable<BudgetAlert>;
}

/** `UsageByAzureSubscription`. */
export interface UsageByAzureSubscriptionReader {
  /** By plan, Azure subscription and date; both dates inclusive. */
  list(
    query: DateRange & { customerId: string },
    options?: ListOptions,
  ): AsyncIterable<AzureSubscriptionSnapshot>;
  /** All customers' rows of a day: the whole table is looked through. */
  listDay(date: string, options?: ListOptions): AsyncIterable<AzureSubscriptionSnapshot>;
}

/** The records of plans as received, in blobs. */
export interface UsageDetailsReader {
  /** The records of a plan on a day, one a line; `undefined` where there are none. */
  readLines(
    day: { customerId: string; subscriptionId: string; snapshotDate: string },
    options?: CallOptions,
  ): Promise<AsyncIterable<string> | undefined>;
}

export interface HistoryStores {
  usageByCustomer: UsageByCustomerReader;
  usageByDay: UsageByDayReader;
  snapshotRuns: SnapshotRunsReader;
  budgetAlerts: BudgetAlertsReader;
  usageByAzureSubscription: UsageByAzureSubscriptionReader;
  usageDetails: UsageDetailsReader;
}
