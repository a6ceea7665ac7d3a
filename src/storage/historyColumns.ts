/**
 * The columns of a customer's or subscription's row in `UsageByCustomer` that tell what was spent:
 * all but the bodies as received, which are most of a row, and the list of subscriptions.
 */
export const historyColumns: readonly string[] = [
  ...['resource', 'snapshotDate', 'capturedAt', 'runId', 'outcome'],
  ...['customerId', 'customerName', 'subscriptionId', 'subscriptionName', 'subscriptionStatus'],
  ...['partnerOnRecord', 'offerId', 'plan'],
  ...['totalCost', 'totalCostExact', 'usdTotalCost', 'usdTotalCostExact'],
  ...['currency', 'currencyCode', 'currencyLocale'],
  ...['budgetAmount', 'budgetAmountExact', 'percentUsed'],
  ...['billingStartDate', 'billingEndDate', 'lastModifiedDate'],
  ...['errorPhase', 'errorStatus', 'errorCode', 'errorMessage', 'correlationId', 'requestId'],
];
