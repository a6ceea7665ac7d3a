/**
 * The routes of the API by the names of their functions and operations, with what registering them
 * needs. It imports nothing, as functions have to register fast.
 */
export const routePaths = {
  listCustomers: { path: 'customers', access: 'data' },
  getCustomerHistory: { path: 'customers/{customerId}/history', access: 'data' },
  listSubscriptions: { path: 'customers/{customerId}/subscriptions', access: 'data' },
  getSubscriptionHistory: {
    path: 'customers/{customerId}/subscriptions/{subscriptionId}/history',
    access: 'data',
  },
  listAzureSubscriptions: { path: 'customers/{customerId}/azure-subscriptions', access: 'data' },
  getAzureSubscriptionHistory: {
    path: 'customers/{customerId}/azure-subscriptions/{azureSubscriptionId}/history',
    access: 'data',
  },
  listResources: { path: 'customers/{customerId}/resources', access: 'data' },
  getChanges: { path: 'customers/{customerId}/changes', access: 'data' },
  getRaw: { path: 'customers/{customerId}/raw', access: 'data' },
  listTotals: { path: 'totals', access: 'data' },
  listBudgetAlerts: { path: 'budget-alerts', access: 'data' },
  listMovers: { path: 'movers', access: 'data' },
  listAnomalies: { path: 'anomalies', access: 'data' },
  listRuns: { path: 'runs', access: 'data' },
  listFailures: { path: 'runs/failures', access: 'data' },
  getMetrics: { path: 'metrics', access: 'data' },
  getHealth: { path: 'health', access: 'open' },
  getOpenApi: { path: 'openapi.json', access: 'open' },
} as const satisfies Record<string, RoutePath>;

/** What is there for browsers, and not described as the API is. */
export const pagePaths = {
  /**
   * The API without a route. The Functions host takes an empty route for the name of the function
   * (azure-functions-host: WebScriptHostHttpRoutesManager), so it is a parameter that is always
   * empty.
   */
  getEntrance: { path: '{nothing:maxlength(0)?}', access: 'open' },
  getDashboard: { path: 'dashboard', access: 'open' },
  getDashboardAsset: { path: 'dashboard/{asset}', access: 'open' },
} as const satisfies Record<string, RoutePath>;

export interface RoutePath {
  /** Below `api/`; a part in braces is a parameter. */
  path: string;
  /** `data` needs permission; `open` is public and has no data of customers. */
  access: 'data' | 'open';
}

export type RouteName = keyof typeof routePaths;

export type PageName = keyof typeof pagePaths;

/** HTTP functions by name. */
export type HttpFunctionName = RouteName | PageName;
