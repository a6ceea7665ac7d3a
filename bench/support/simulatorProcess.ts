import { startSimulatorServer } from '../../src/simulator/server.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';
import { answerCalls, readOptions } from './answerCalls.ts';

/** A simulated Partner Center as a process that reports its requests. */

export type SimulatorProcessOptions = Omit<SimulatorOptions, 'clock' | 'overrides'>;

/** A customer and the requests about it. */
export interface SeenCustomer {
  id: string;
  subscriptionIds: string[];
  hasUsage: boolean;
  /** As far as the log goes back. */
  requests: number;
}

const simulator = createSimulator(readOptions<SimulatorProcessOptions>());
const { url } = await startSimulatorServer(simulator);

function listCustomers(): SeenCustomer[] {
  const requests = new Map<string, number>();
  for (const { path } of simulator.statistics.log) {
    const id = /^\/v1\/customers\/([^/]{36})\//.exec(path)?.[1]?.toLowerCase();
    if (id) requests.set(id, (requests.get(id) ?? 0) + 1);
  }
  return [...simulator.customers()].map(({ id, outcome, subscriptions }) => ({
    id,
    subscriptionIds: subscriptions.map((each) => each.id),
    hasUsage: outcome === 'usage',
    requests: requests.get(id) ?? 0,
  }));
}

const methods = {
  /** All that the product needs of it. */
  settings: () => ({
    PARTNER_CENTER_BASE_URL: url,
    PARTNER_CENTER_AUTHORITY_HOST: url,
    PARTNER_CENTER_TENANT_ID: simulator.partnerTenantId,
    PARTNER_CENTER_CLIENT_ID: '00000000-0000-4000-8000-000000000001',
    PARTNER_CENTER_CLIENT_SECRET: 'of-the-simulator',
    PARTNER_CENTER_REFRESH_TOKEN: simulator.refreshToken,
  }),
  listCustomers,
  /** All but the log. */
  statistics: () => {
    const { log: _log, ...counts } = simulator.statistics;
    return counts;
  },
  resetStatistics: () => simulator.resetStatistics(),
};
export type SimulatorMethods = typeof methods;
answerCalls(methods);
