import { startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { AzureBlobContainer } from '../../src/storage/azureBlobContainer.ts';
import type { BenchFigure, BenchRow } from '../row.ts';
import { formatCount, formatMegabytes, formatSeconds } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import { runSnapshot } from '../support/product.ts';

const population = { customers: 1_000, subscriptionsPerCustomer: 2, resourcesPerPlan: 200 };
const latencyMs = 100;
const largePlan = { customers: 1, subscriptionsPerCustomer: 1, resourcesPerPlan: 50_000 };
const targetMegabytes = 350;
/** Customers whose answers are measured, to estimate those of all. */
const sampledCustomers = 40;

/** What the records below the plans cost a night, against the same night without them. */
export const depth: BenchRow = {
  name: 'depth',
  async measure() {
    const without = await measureNight({ ...population, latencyMs }, 'off');
    const night = await measureNight({ ...population, latencyMs }, 'resources');
    const large = await measureNight(largePlan, 'resources');
    const of = `${formatCount(population.customers)} customers with ${population.subscriptionsPerCustomer} plans of ${population.resourcesPerPlan} resources`;
    return [
      {
        what: `requests of a night, ${of}`,
        measured: `${formatCount(night.requests)}, of which for depth ${formatCount(night.requests - without.requests)}`,
        details: { ...night },
      },
      {
        what: 'bytes of its answers, and of what is stored of them',
        measured: `${formatMegabytes(await estimateAnswerBytes())} received, ${formatMegabytes(night.storedBytes)} in ${formatCount(night.blobs)} blobs`,
        details: { blobs: night.blobs, storedBytes: night.storedBytes },
      },
      {
        what: `duration at ${latencyMs} ms, 16 at a time, with and without depth`,
        measured: `${formatSeconds(night.durationMs)} and ${formatSeconds(without.durationMs)}`,
        details: { withoutMs: without.durationMs, withMs: night.durationMs },
      },
      {
        what: 'peak memory, with and without depth',
        measured: `${formatMegabytes(night.peakBytes)} and ${formatMegabytes(without.peakBytes)}`,
        details: { withBytes: night.peakBytes, withoutBytes: without.peakBytes },
      },
      {
        what: `peak memory of one plan of ${formatCount(largePlan.resourcesPerPlan)} resources`,
        target: `≤ ${targetMegabytes} MB`,
        measured: formatMegabytes(large.peakBytes),
        isMet: large.peakBytes <= targetMegabytes * 2 ** 20,
        details: { ...large },
      },
    ] satisfies BenchFigure[];
  },
};

interface MeasuredNight {
  requests: number;
  durationMs: number;
  peakBytes: number;
  blobs: number;
  storedBytes: number;
}

function measureNight(
  partnerOptions: Parameters<Processes['startPartner']>[0],
  level: string,
): Promise<MeasuredNight> {
  return Processes.with(async (processes) => {
    const partner = await processes.startPartner({ ...partnerOptions, logLimit: 0 });
    const azurite = await startAzurite();
    try {
      // Rows in the lean table service, blobs in the storage emulator.
      const [blobs] = azurite.connectionString.match(/BlobEndpoint=[^;]+/) ?? [];
      const connectionString = `${await processes.startTables()};${blobs}`;
      const { result, peakBytes } = await runSnapshot({
        ...partner.settings,
        SNAPSHOT_STORAGE: connectionString,
        SNAPSHOT_DEPTH: level,
      });
      const container = new AzureBlobContainer('usage-details', { connectionString });
      const stored = await Array.fromAsync(container.list(''));
      const storedBytes = stored.reduce((sum, { bytes }) => sum + bytes, 0);
      const { requests, durationMs } = result;
      return { requests: requests.total, durationMs, peakBytes, blobs: stored.length, storedBytes };
    } finally {
      await azurite.stop();
    }
  });
}

/** The bodies of the records of all plans, as of some customers. */
async function estimateAnswerBytes(): Promise<number> {
  const simulator = createSimulator({ ...population, customers: sampledCustomers });
  const answer = simulator.handle({
    method: 'POST',
    path: `/${simulator.partnerTenantId}/oauth2/v2.0/token`,
    headers: {},
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: simulator.refreshToken,
      client_id: 'bench',
      client_secret: 'of-the-simulator',
      scope: 'https://api.partnercenter.microsoft.com/.default',
    }).toString(),
  });
  const { access_token } = JSON.parse(String(answer.body)) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  let bytes = 0;
  for (const { id, kind, subscriptions } of simulator.customers()) {
    const route = kind === 'legacy' ? 'meterusagerecords' : 'resourceusagerecords';
    for (const plan of subscriptions) {
      const path = `/v1/customers/${id}/subscriptions/${plan.id}/${route}`;
      bytes += Buffer.byteLength(String(simulator.handle({ method: 'GET', path, headers }).body));
    }
  }
  return (bytes / sampledCustomers) * population.customers;
}
