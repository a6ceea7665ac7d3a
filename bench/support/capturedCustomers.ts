import type { Clock } from '../../src/clock.ts';
import { PartnerCenterClient } from '../../src/partner-center/client.ts';
import { Connection } from '../../src/partner-center/connection.ts';
import { Gate } from '../../src/partner-center/gate.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { captureCustomer, dayRowOf } from '../../src/snapshot/captureCustomer.ts';
import type { CaptureOptions } from '../../src/snapshot/captureOptions.ts';
import { FieldReport } from '../../src/snapshot/fieldReport.ts';
import { SignInWatch } from '../../src/snapshot/signInWatch.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import type { CustomerSnapshot, SubscriptionSnapshot } from '../../src/usage/usageSnapshot.ts';
import {
  createInProcessCredential,
  createInProcessTransport,
  createMemoryRefreshTokenStore,
  inProcessUrl,
} from '../../test/support/inProcessPartner.ts';

/** What a run has to store of a customer. */
export interface CapturedCustomer {
  rows: (CustomerSnapshot | SubscriptionSnapshot)[];
  dayRow: LedgerRow;
}

/** What there is to store, and how. */
export interface StorageWork {
  customers: number;
  subscriptionsPerCustomer: number;
  connectionString: string;
  /** Customers at a time. */
  concurrency: number;
}

const snapshotDate = '2026-03-10';
const runId = '20260310T023000000Z-5f0c1f0e';
/** A fixed time, so that every process makes the same customers. */
const clock: Clock = {
  now: () => Date.parse(`${snapshotDate}T02:30:00Z`),
  monotonicMs: () => 0,
  sleep: async () => {},
};

/** Customers as the product captures them at the simulator, each with so many subscriptions. */
export async function captureCustomers(
  population: Pick<StorageWork, 'customers' | 'subscriptionsPerCustomer'>,
): Promise<CapturedCustomer[]> {
  const simulator = createSimulator({ ...population, clock, logLimit: 0 });
  const options: CaptureOptions = {
    partnerCenter: connect(simulator),
    discovery: 'usagerecords',
    concurrency: 1,
    snapshotDate,
    runId,
    fields: new FieldReport(),
    signIn: new SignInWatch(),
    now: clock.now,
  };
  const captured: CapturedCustomer[] = [];
  for (const { id, name } of simulator.customers()) {
    const capture = await captureCustomer({ id, name }, undefined, options);
    const cost = { dailyCost: parseAmount('28.82860766744404945074'), daysCovered: 1 };
    captured.push({
      rows: [capture.customer, ...capture.subscriptions],
      dayRow: { ...dayRowOf(capture), cost: { ...cost, isStale: false } },
    });
  }
  return captured;
}

function connect(simulator: Simulator): PartnerCenterClient {
  const random = () => 0.5;
  const credential = createInProcessCredential(simulator, {
    clock,
    events: { emit: () => {} },
    random,
    store: createMemoryRefreshTokenStore(simulator.refreshToken, clock),
  });
  const gate = new Gate({ concurrency: 1, limitedPerMinute: 0, clock });
  const transport = createInProcessTransport(simulator, clock);
  const parts = { baseUrl: inProcessUrl, credential, gate, transport, clock, random };
  return new PartnerCenterClient(new Connection({ ...parts, correlationId: runId }));
}
