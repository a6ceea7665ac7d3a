/**
 * The routes of the API by the names of their functions and operations: all that is needed to
 * register them. It imports nothing, as functions have to register fast.
 */
export const routePaths = {
  listCustomers: { path: 'customers', access: 'data' },
  getCustomerHistory: { path: 'customers/{customerId}/history', access: 'data' },
  listSubscriptions: { path: 'customers/{customerId}/subscriptions', access: 'data' },
  getSubscriptionHistory: {
    path: 'customers/{customerId}/subscriptions/{subscriptionId}/history',
    access: 'data',
  },
  listTotals: { path: 'totals', access: 'data' },
  listBudgetAlerts: { path: 'budget-alerts', access: 'data' },
  listRuns: { path: 'runs', access: 'data' },
  getHealth: { path: 'health', access: 'open' },
  getOpenApi: { path: 'openapi.json', access: 'open' },
} as const satisfies Record<string, RoutePath>;

export interface RoutePath {
  /** Below `api/`; a part in braces is a parameter. */
  path: string;
  /** `data` is shown to those who may see it; `open` holds nothing of a customer. */
  access: 'data' | 'open';
}

export type RouteName = keyof typeof routePaths;
