import { Agent, request } from 'undici';
import { signIn } from '../handwritten/partnerCenter.ts';
import { answerCalls } from './answerCalls.ts';
import { measureCpuMs } from './cpuTime.ts';
import { forEachOf } from './forEachOf.ts';
import type { SeenCustomer } from './simulatorProcess.ts';

/** A bare loop over undici as a process: it reads and parses the same as the product's client. */

const baseUrl = process.env['PARTNER_CENTER_BASE_URL'];
const { token } = await signIn(process.env);
const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
const agents = new Map<number, Agent>();

async function ask(customers: readonly SeenCustomer[], concurrency: number): Promise<void> {
  const dispatcher = agents.get(concurrency) ?? new Agent({ connections: concurrency });
  agents.set(concurrency, dispatcher);
  const get = async (path: string): Promise<void> => {
    const { statusCode, body } = await request(baseUrl + path, { dispatcher, headers });
    JSON.parse(await body.text());
    if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}`);
  };
  await forEachOf(customers, concurrency, async ({ id, subscriptionIds }) => {
    await get(`/v1/customers/${id}/usagesummary`);
    await get(`/v1/customers/${id}/subscriptions/usagerecords`);
    for (const subscriptionId of subscriptionIds) {
      await get(`/v1/customers/${id}/subscriptions/${subscriptionId}/usagesummary`);
    }
  });
}

const methods = {
  /** CPU time of asking for all of these customers, in milliseconds. */
  ask: (customers: readonly SeenCustomer[], concurrency: number) =>
    measureCpuMs(() => ask(customers, concurrency)),
};
export type BareClientMethods = typeof methods;
answerCalls(methods);
