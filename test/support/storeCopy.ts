import type { Stores } from '../../src/storage/createStores.ts';

interface Keys {
  table: string;
  PartitionKey: string;
  RowKey: string;
}

const everyDate = { from: '2000-01-01', to: '2099-12-31' };

/** Reads every row that the lines name by its store, and writes it with another's. */
export async function copyThroughStores(
  lines: readonly string[],
  from: Stores,
  to: Stores,
): Promise<void> {
  const rows = lines.map((line): Keys => JSON.parse(line));
  const of = (table: string) => rows.filter((row) => row.table === table);
  await copyUsageByCustomer(of('UsageByCustomer'), from, to);
  for (const date of new Set(of('UsageByDay').map((row) => row.PartitionKey))) {
    await to.usageByDay.upsertDay(await Array.fromAsync(from.usageByDay.listDay(date)));
  }
  for await (const run of from.snapshotRuns.list(everyDate)) await to.snapshotRuns.upsert(run);
  const alerts = of('BudgetAlerts').map(
    ({ PartitionKey, RowKey }) => `${PartitionKey}|${RowKey.split('|')[0]}`,
  );
  for (const periodOfCustomer of new Set(alerts)) {
    const [period = '', customerId = ''] = periodOfCustomer.split('|');
    const listed = from.budgetAlerts.listOfPeriod(period, customerId);
    await to.budgetAlerts.createIfAbsent(await Array.fromAsync(listed));
  }
}

/** Each customer's day in one go, as a run writes it. */
async function copyUsageByCustomer(rows: readonly Keys[], from: Stores, to: Stores) {
  const partner = rows.filter(({ PartitionKey }) => PartitionKey === 'partner');
  for (const { RowKey } of partner.filter((row) => row.RowKey.startsWith('partner|'))) {
    const snapshot = await from.usageByCustomer.getPartnerSnapshot(RowKey.slice(-10));
    if (snapshot) await to.usageByCustomer.upsertPartner(snapshot);
  }
  await to.usageByCustomer.upsertTotals(
    await Array.fromAsync(from.usageByCustomer.listTotals(everyDate)),
  );
  const days = Map.groupBy(
    rows.filter(({ PartitionKey }) => PartitionKey !== 'partner'),
    ({ PartitionKey, RowKey }) => `${PartitionKey}|${RowKey.slice(-10)}`,
  );
  for (const [day, ofDay] of days) {
    const [customerId = '', date = ''] = day.split('|');
    const own = await from.usageByCustomer.getCustomerSnapshot(customerId, date);
    const ids = ofDay.map(({ RowKey }) => RowKey.split('|')).filter((parts) => parts.length === 3);
    const subscriptions = await from.usageByCustomer.listSubscriptionSnapshots(
      customerId,
      ids.map((parts) => parts[1] ?? ''),
      date,
    );
    await to.usageByCustomer.upsertCustomer([...(own ? [own] : []), ...subscriptions]);
  }
}
