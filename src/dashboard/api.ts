/** What the routes answer, as far as the page shows it; `openapi.json` describes all of it. */

/** The digits of a JSON number, as they were sent. */
export type Amount = `${number}`;

export type Outcome = 'usage' | 'noUsage' | 'refused' | 'failed';

/** A page of a list. */
export interface List<Item> {
  items: Item[];
  continuation: string | null;
}

export interface RankingItem {
  customerId: string;
  customerName: string;
  outcome: Outcome;
  currency: string | null;
  totalCost: Amount | null;
  dailyCost: Amount | null;
  daysCovered: number | null;
  isStale: boolean | null;
  budgetAmount: Amount | null;
  percentUsed: Amount | null;
  billingPeriodStart: string | null;
  /** The day after the last. */
  billingPeriodEnd: string | null;
  errorCode: string | null;
  errorMessage: string | null;
}

export interface Ranking extends List<RankingItem> {
  date: string;
  complete: boolean;
  asOf: string | null;
}

export interface TotalItem {
  date: string;
  currency: string;
  totalCost: Amount;
  dailyCost: Amount | null;
  customers: number;
  customersMissing: number;
}

export interface MoverItem {
  customerId: string;
  customerName: string;
  currency: string;
  before: Amount | null;
  after: Amount | null;
  change: Amount | null;
  percent: number | null;
  kind: 'changed' | 'new' | 'vanished';
}

export interface Movers extends List<MoverItem> {
  date: string;
  beforeDate: string;
  complete: boolean;
}

export interface BudgetAlertItem {
  alertId: string;
  customerId: string;
  customerName: string;
  kind: 'actual' | 'forecast';
  threshold: number;
  percentUsed: Amount;
  totalCost: Amount;
  forecastTotalCost: Amount | null;
  budgetAmount: Amount;
  currency: string;
  /** The day after the period's last. */
  billingPeriodEnd: string;
  snapshotDate: string;
  causes: string | null;
}

export interface AnomalyItem {
  date: string;
  customerId: string;
  customerName: string;
  currency: string | null;
  dailyCost: Amount | null;
  expectedCost: Amount | null;
  causes: string | null;
}

export interface RunItem {
  snapshotDate: string;
  runId: string;
  trigger: 'timer' | 'catchUp' | 'closing' | 'cli';
  scope: 'all' | 'customer';
  status: 'running' | 'complete' | 'partial' | 'failed';
  startedAt: string;
  finishedAt: string | null;
  durationMs: number | null;
  customersListed: number;
  customersWithUsage: number;
  customersWithoutUsage: number;
  customersRefused: number;
  customersFailed: number;
  customersSkipped: number;
  customersRemaining: number | null;
  customersFailing: number | null;
  subscriptionsCaptured: number;
  subscriptionsFailed: number;
  requests: number;
  retries: number;
  throttled: number;
  isSettled: boolean | null;
  error: string | null;
  depthCaptured: number | null;
  depthFailed: number | null;
}

export interface FailureItem {
  customerId: string;
  customerName: string;
  phase: string | null;
  status: number | null;
  code: string | null;
  message: string | null;
  correlationId: string | null;
  requestId: string | null;
  capturedAt: string;
}

export interface Failures extends List<FailureItem> {
  date: string;
}

export interface DailyItem {
  date: string;
  outcome: Outcome | 'missing';
  totalCost: Amount | null;
  dailyCost: Amount | null;
  daysCovered: number;
  budgetAmount: Amount | null;
  percentUsed: Amount | null;
  forecastTotalCost: Amount | null;
  forecastLow: Amount | null;
  forecastHigh: Amount | null;
  isAnomaly: boolean;
  isStale: boolean;
  billingPeriodStart: string | null;
  billingPeriodEnd: string | null;
}

export interface PeriodItem {
  billingPeriodStart: string;
  billingPeriodEnd: string;
  totalCost: Amount;
  budgetAmount: Amount | null;
  percentUsed: Amount | null;
  lastSnapshotDate: string;
}

/** Days or periods of one currency and plan. */
export interface Series<Item> {
  currency: string | null;
  plan: 'azurePlan' | 'payAsYouGo' | null;
  items: Item[];
}

export interface History<Item> {
  customerId: string;
  customerName: string;
  series: Series<Item>[];
}

export interface SubscriptionItem {
  subscriptionId: string;
  subscriptionName: string;
  subscriptionStatus: string | null;
  outcome: Outcome;
  currency: string | null;
  plan: 'azurePlan' | 'payAsYouGo' | null;
  totalCost: Amount | null;
  errorMessage: string | null;
}

export interface Subscriptions extends List<SubscriptionItem> {
  date: string;
  outcome: Outcome | 'missing';
}

/** A part of a customer's cost that moved; names only what its cost is tied to. */
export interface ChangeItem {
  azureSubscriptionId?: string;
  azureSubscriptionName?: string;
  resourceGroup?: string;
  resource?: string;
  type?: string;
  before: Amount;
  after: Amount;
  change: Amount;
}

export interface Changes {
  date: string;
  currency: string | null;
  before: Amount | null;
  after: Amount | null;
  /** Null where the two days cannot be compared. */
  change: Amount | null;
  items: ChangeItem[];
  unexplained: Amount | null;
}

export interface AzureSubscriptionItem {
  /** A GUID, `unassigned`, `meters` or `rest`. */
  azureSubscriptionId: string;
  azureSubscriptionName: string | null;
  /** The plan. */
  subscriptionId: string;
  currency: string | null;
  totalCost: Amount | null;
}

/** A resource of a plan, or a meter of a legacy subscription. */
export interface ResourceItem {
  azureSubscriptionId: string;
  azureSubscriptionName: string | null;
  resourceGroup: string | null;
  resource: string;
  type: string | null;
  currency: string;
  totalCost: Amount;
}

export interface Resources extends List<ResourceItem> {
  date: string;
}

export interface AzureSubscriptions extends List<AzureSubscriptionItem> {
  date: string;
}
