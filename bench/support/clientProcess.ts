import { createApp } from '../../src/app/app.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { answerCalls } from './answerCalls.ts';
import { measureCpuMs } from './cpuTime.ts';
import { forEachOf } from './forEachOf.ts';
import type { SeenCustomer } from './simulatorProcess.ts';

/** The product's client as a process, created by the app from settings. */

const app = createApp(loadConfig(), { emit: () => {} });

async function ask(customers: readonly SeenCustomer[], concurrency: number): Promise<void> {
  const client = app.connect(new AbortController().signal);
  await forEachOf(customers, concurrency, async ({ id, subscriptionIds }) => {
    await client.getCustomerUsageSummary(id);
    for await (const _ of client.listSubscriptionUsageRecords(id));
    for (const subscriptionId of subscriptionIds) {
      await client.getSubscriptionUsageSummary(id, subscriptionId);
    }
  });
}

const methods = {
  /** CPU time of asking for all of these customers, in milliseconds. */
  ask: (customers: readonly SeenCustomer[], concurrency: number) =>
    measureCpuMs(() => ask(customers, concurrency)),
};
export type ClientMethods = typeof methods;
answerCalls(methods);
