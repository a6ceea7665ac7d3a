import { signIn } from './partnerCenter.ts';
import { UsageTable } from './tables.ts';

/** The night like the documentation's samples: one call after the other. */

const startMs = performance.now();
const date = new Date().toISOString().slice(0, 10);
const partnerCenter = await signIn(process.env);
const table = new UsageTable(process.env['SNAPSHOT_STORAGE'] ?? '', date);

await table.create();
let customers = 0;
for await (const customer of partnerCenter.listCustomers()) {
  customers++;
  const summary = await partnerCenter.getCustomerSummary(customer.id);
  if (!summary) continue;
  await table.upsertCustomer(customer, summary);
  for (const subscription of await partnerCenter.listSubscriptions(customer.id)) {
    const own = await partnerCenter.getSubscriptionSummary(customer.id, subscription.id);
    if (own) await table.upsertSubscription(customer, subscription, own);
  }
}
const { requests } = partnerCenter;
const durationMs = performance.now() - startMs;
process.stdout.write(JSON.stringify({ customers, requests, durationMs }));
