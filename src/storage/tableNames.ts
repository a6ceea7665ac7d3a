/** All tables of a deployment, without its prefix. */
export const tableNames = [
  'UsageByCustomer',
  'UsageByDay',
  'UsageByAzureSubscription',
  'SnapshotRuns',
  'BudgetAlerts',
] as const;

export type TableName = (typeof tableNames)[number];

export function isTableName(name: string): name is TableName {
  return tableNames.some((known) => known === name);
}
