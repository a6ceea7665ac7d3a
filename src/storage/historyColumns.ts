/**
 * What queries read of a row: of many rows, leaving columns out is what saves most of the time.
 * Amounts are read by their literals, without the doubles beside them.
 */

const everyRow = ['resource', 'snapshotDate', 'capturedAt', 'runId', 'outcome', 'customerId'];
const spent = ['plan', 'totalCostExact', 'usdTotalCostExact', 'currency'];
const budget = ['budgetAmount', 'budgetAmountExact', 'percentUsed'];
const period = ['billingStartDate', 'billingEndDate'];

/**
 * Of a customer's or subscription's row in `UsageByCustomer` all but the bodies as received, which
 * are most of a row, and the list of subscriptions.
 */
export const historyColumns: readonly string[] = [
  ...everyRow,
  ...['customerName', 'subscriptionId', 'subscriptionName', 'subscriptionStatus'],
  ...['partnerOnRecord', 'offerId'],
  ...[...spent, ...budget, ...period, 'lastModifiedDate', 'currencyCode', 'currencyLocale'],
  ...['errorPhase', 'errorStatus', 'errorCode', 'errorMessage', 'correlationId', 'requestId'],
];

/** Of a row in `UsageByDay` what a ranking shows. */
export const rankingColumns: readonly string[] = [
  ...[...everyRow, 'customerName', ...spent, ...budget, ...period],
  ...['dailyCostExact', 'daysCovered', 'isStale', 'dailyCostState'],
  ...['errorPhase', 'errorCode', 'errorMessage'],
];
