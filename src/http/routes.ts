import { anomaliesRoute } from './anomaliesRoute.ts';
import { azureSubscriptionsRoute } from './azureSubscriptionsRoute.ts';
import { budgetAlertsRoute } from './budgetAlertsRoute.ts';
import { changesRoute } from './changesRoute.ts';
import { customersRoute } from './customersRoute.ts';
import { failuresRoute } from './failuresRoute.ts';
import { healthRoute } from './healthRoute.ts';
import {
  azureSubscriptionHistoryRoute,
  customerHistoryRoute,
  subscriptionHistoryRoute,
} from './historyRoutes.ts';
import { metricsRoute } from './metricsRoute.ts';
import { moversRoute } from './moversRoute.ts';
import { createOpenApiRoute } from './openApi.ts';
import { rawRoute } from './rawRoute.ts';
import { resourcesRoute } from './resourcesRoute.ts';
import type { Route } from './route.ts';
import type { RouteName } from './routePaths.ts';
import { runsRoute } from './runsRoute.ts';
import { subscriptionsRoute } from './subscriptionsRoute.ts';
import { totalsRoute } from './totalsRoute.ts';

/** Every route of the API. */
export const routes: Readonly<Record<RouteName, Route>> = {
  listCustomers: customersRoute,
  getCustomerHistory: customerHistoryRoute,
  listSubscriptions: subscriptionsRoute,
  getSubscriptionHistory: subscriptionHistoryRoute,
  listAzureSubscriptions: azureSubscriptionsRoute,
  getAzureSubscriptionHistory: azureSubscriptionHistoryRoute,
  listResources: resourcesRoute,
  getChanges: changesRoute,
  getRaw: rawRoute,
  listTotals: totalsRoute,
  listBudgetAlerts: budgetAlertsRoute,
  listMovers: moversRoute,
  listAnomalies: anomaliesRoute,
  listRuns: runsRoute,
  listFailures: failuresRoute,
  getMetrics: metricsRoute,
  getHealth: healthRoute,
  getOpenApi: createOpenApiRoute(() => Object.values(routes)),
};
