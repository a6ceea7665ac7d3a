import { randomUUID } from 'node:crypto';
import { createRefreshTokenStore, toTokenEndpoint } from '../../src/app/signInParts.ts';
import type { Clock } from '../../src/clock.ts';
import { loadPartnerCenterConfig } from '../../src/config/loadConfig.ts';
import { createTransport } from '../../src/network/transport.ts';
import { PartnerCenterClient } from '../../src/partner-center/client.ts';
import { Connection } from '../../src/partner-center/connection.ts';
import { Gate } from '../../src/partner-center/gate.ts';
import { createCredential } from '../../src/sign-in/credential.ts';
import { answerCalls } from './answerCalls.ts';
import { createScaledClock, type TimeScale } from './scaledClock.ts';

/**
 * Requests customers' summaries continuously through the product's client, as a process with a
 * faster clock, and samples the gate regularly.
 */

export interface ScaledCallsOptions {
  scale: TimeScale;
  /** Maximum of requests in flight. */
  concurrency: number;
  durationMs: number;
  /** Time between two samples of the gate. */
  sampleMs: number;
}

export interface GateSample {
  /** By the clock, milliseconds since the epoch. */
  atMs: number;
  /** How many requests may be in flight. */
  bound: number;
}

export interface ScaledCallsResult {
  samples: GateSample[];
  /** Calls that were answered, after any number of tries. */
  answered: number;
  /** Calls that failed for good. */
  failed: number;
}

/** Callers for each place in the gate, so that a request always waits for it. */
const callersPerPlace = 2;

function connect(gate: Gate, clock: Clock, connections: number) {
  const config = loadPartnerCenterConfig();
  const random = Math.random;
  const store = createRefreshTokenStore(config);
  const events = { emit() {} };
  const credential = createCredential({
    ...toTokenEndpoint(config, clock),
    store,
    random,
    events,
  });
  const { send: transport, close } = createTransport({ connections });
  const parts = { baseUrl: config.baseUrl, credential, gate, transport, clock, random };
  const connection = new Connection({ ...parts, correlationId: randomUUID() });
  return { client: new PartnerCenterClient(connection), close };
}

async function makeCalls(options: ScaledCallsOptions): Promise<ScaledCallsResult> {
  const { scale, concurrency, durationMs, sampleMs } = options;
  const clock = createScaledClock(scale);
  const gate = new Gate({ concurrency, limitedPerMinute: 0, clock });
  const { client, close } = connect(gate, clock, concurrency);
  const result: ScaledCallsResult = { samples: [], answered: 0, failed: 0 };
  const endMs = clock.now() + durationMs;
  const customers = (await Array.fromAsync(client.listCustomers())).flat();
  let calls = 0;

  const callAgainAndAgain = async () => {
    while (clock.now() < endMs) {
      const { id = '' } = customers[calls++ % customers.length] ?? {};
      try {
        await client.getCustomerUsageSummary(id);
        result.answered++;
      } catch {
        result.failed++;
      }
    }
  };
  const sampleRegularly = async () => {
    for (; clock.now() < endMs; await clock.sleep(sampleMs)) {
      result.samples.push({ atMs: clock.now(), bound: gate.bound });
    }
  };
  const callers = Array.from({ length: concurrency * callersPerPlace }, callAgainAndAgain);
  await Promise.all([sampleRegularly(), ...callers]);
  await close();
  return result;
}

const methods = {
  /** Answered once everything is loaded, so that the clock need not begin before. */
  ready: () => true,
  makeCalls,
};
export type ScaledCallsMethods = typeof methods;
answerCalls(methods);
