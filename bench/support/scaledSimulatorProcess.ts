import { startSimulatorServer } from '../../src/simulator/server.ts';
import { answerCalls, readOptions } from './answerCalls.ts';
import { createScaledClock, type TimeScale } from './scaledClock.ts';
import { type LimitStep, WatchedSimulator } from './watchedSimulator.ts';

/** A simulated Partner Center as a process with a faster clock. */

export interface ScaledSimulatorOptions {
  scale: TimeScale;
  customers: number;
  subscriptionsPerCustomer: number;
  /** Mean time of an answer, in milliseconds of the clock. */
  latencyMs: number;
  /** In the order of their time. */
  limitSteps: readonly LimitStep[];
}

const options = readOptions<ScaledSimulatorOptions>();
let clock = createScaledClock(options.scale);
const simulator = new WatchedSimulator({
  ...options,
  clock: { now: () => clock.now() },
  // Its answers wait by the real time.
  latencyMs: options.latencyMs / options.scale.factor,
  logLimit: 0,
});
const { url } = await startSimulatorServer(simulator);

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
  /** Only while there are no requests; the factor stays. */
  setClock: (scale: TimeScale) => {
    clock = createScaledClock(scale);
  },
  report: () => {
    const { minutes, customersAsked, customersAskedTwice, statistics } = simulator;
    const { ended, endedAfterMs } = statistics;
    return { minutes, customersAsked, customersAskedTwice, meanLatencyMs: endedAfterMs / ended };
  },
};
export type ScaledSimulatorMethods = typeof methods;
answerCalls(methods);
