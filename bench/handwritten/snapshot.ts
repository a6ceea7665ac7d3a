import pLimit from 'p-limit';
import { type Customer, signIn } from './partnerCenter.ts';
import { UsageTable } from './tables.ts';

/**
 * The night as a script written in a day: all customers at once, `p-limit` around each call, and a
 * row for each answer.
 */

const concurrency = Number(process.env['SNAPSHOT_CONCURRENCY']);
const startMs = performance.now();
const date = new Date().toISOString().slice(0, 10);
const partnerCenter = await signIn(process.env);
const table = new UsageTable(process.env['SNAPSHOT_STORAGE'] ?? '', date);
const limit = pLimit(concurrency);

async function takeSnapshot(customer: Customer): Promise<void> {
  const summary = await limit(() => partnerCenter.getCustomerSummary(customer.id));
  if (!summary) return;
  await table.upsertCustomer(customer, summary);
  const subscriptions = await limit(() => partnerCenter.listSubscriptions(customer.id));
  await Promise.all(
    subscriptions.map(async (subscription) => {
      const own = await limit(() =>
        partnerCenter.getSubscriptionSummary(customer.id, subscription.id),
      );
      if (own) await table.upsertSubscription(customer, subscription, own);
    }),
  );
}

await table.create();
const customers: Promise<void>[] = [];
for await (const customer of partnerCenter.listCustomers()) customers.push(takeSnapshot(customer));
await Promise.all(customers);
const { requests } = partnerCenter;
const durationMs = performance.now() - startMs;
process.stdout.write(JSON.stringify({ customers: customers.length, requests, durationMs }));
