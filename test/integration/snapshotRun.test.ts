import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app/app.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { allQuirks, valueQuirks } from '../../src/simulator/quirks.ts';
import { type SimulatorServer, startSimulatorServer } from '../../src/simulator/server.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import type { Override, SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';
import { createEventLog } from '../../src/telemetry/eventLog.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';

let azurite: EmbeddedAzurite;
let prefixes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

const started: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of started.splice(0)) await each.close();
});

interface Partner {
  app: App;
  simulator: Simulator;
  server: SimulatorServer;
  lines: string[];
}

/** The product, put together from settings, before a simulated Partner Center and a table server. */
async function startPartner(
  options: SimulatorOptions,
  settings: Record<string, string> = {},
): Promise<Partner> {
  const simulator = createSimulator({
    logLimit: 10_000,
    ...options,
    signIn: { clientSecret: 'marked-client-secret', ...options.signIn },
  });
  const server = await startSimulatorServer(simulator);
  const lines: string[] = [];
  const config = loadConfig({
    PARTNER_CENTER_BASE_URL: server.url,
    PARTNER_CENTER_AUTHORITY_HOST: server.url,
    PARTNER_CENTER_TENANT_ID: simulator.partnerTenantId,
    PARTNER_CENTER_CLIENT_ID: '00000000-0000-4000-8000-000000000001',
    PARTNER_CENTER_CLIENT_SECRET: 'marked-client-secret',
    PARTNER_CENTER_REFRESH_TOKEN: simulator.refreshToken,
    SNAPSHOT_STORAGE: azurite.connectionString,
    SNAPSHOT_TABLE_PREFIX: `run${++prefixes}`,
    ...settings,
  });
  const app = createApp(
    config,
    createEventLog((_level, line) => lines.push(line)),
  );
  started.push(app, server);
  return { app, simulator, server, lines };
}

async function snapshot({ app }: Partner): Promise<SnapshotRun> {
  const result = await app.runSnapshot({ trigger: 'timer' });
  if (result.isBusy) throw new Error('expected a run, got a busy lease');
  return result.run;
}

describe('a night over HTTP into a table server', () => {
  it('with every quirk and faults in its way is complete, to the digit', async () => {
    const partner = await startPartner({
      customers: 300,
      seed: 7,
      quirks: { ...allQuirks, ...valueQuirks },
      faults: {
        serverError: { rate: 0.03 },
        reset: { rate: 0.01 },
        truncate: { rate: 0.01 },
        expireToken: { afterRequests: 300 },
        signInTrouble: { rate: 0.3 },
      },
    });
    const run = await snapshot(partner);
    expect(run).toMatchObject({
      status: 'complete',
      customersListed: 300,
      customersFailed: 0,
      customersRemaining: 0,
      subscriptionsFailed: 0,
    });
    expect(run.retries).toBeGreaterThan(10);
    expect(partner.simulator.statistics.maxInFlight).toBeLessThanOrEqual(16);

    const { usageByDay, usageByCustomer } = partner.app.stores;
    const day = await Array.fromAsync(usageByDay.listDay(run.snapshotDate));
    expect(day).toHaveLength(300);
    for (const row of day) {
      const expected = partner.simulator.expectedCustomer(row.customerId);
      expect(row.outcome).toBe(expected.outcome);
      if (expected.outcome !== 'usage') continue;
      expect(row.figures?.totalCost).toBe(expected.totalCost);
      const ids = expected.subscriptions.map(({ id }) => id);
      const subscriptions = await usageByCustomer.listSubscriptionSnapshots(
        row.customerId,
        ids,
        run.snapshotDate,
      );
      expect(subscriptions.map(({ figures }) => figures?.totalCost)).toEqual(
        expected.subscriptions.map(({ totalCost }) => totalCost),
      );
    }
  });

  it('keeps one request id over the tries of a call and one correlation id over the run', async () => {
    const partner = await startPartner({ customers: 60, faults: { serverError: { rate: 0.1 } } });
    const run = await snapshot(partner);
    const log = partner.simulator.statistics.log.filter(({ path }) => path.startsWith('/v1'));
    expect(log).toHaveLength(run.requests);
    expect(new Set(log.map(({ correlationId }) => correlationId)).size).toBe(1);
    const calls = Map.groupBy(log, ({ requestId }) => requestId);
    expect(log.length - calls.size).toBe(run.retries);
    for (const tries of calls.values()) {
      expect(new Set(tries.map(({ path }) => path)).size).toBe(1);
    }
  });

  it('sends no secret anywhere but to the sign-in host', async () => {
    const partner = await startPartner({
      customers: 40,
      faults: { customerRefused: { rate: 0.3 } },
    });
    await snapshot(partner);
    expect(partner.lines.length).toBeGreaterThan(5);
    const output = partner.lines.join('\n');
    expect(output).not.toContain('marked-client-secret');
    expect(output).not.toContain(partner.simulator.refreshToken);
    expect(output).not.toMatch(/eyJ[\w-]+\./);
  });
});

function sample(name: string): Override {
  const url = new URL(`../fixtures/partner-center/${name}.json`, import.meta.url);
  return { status: 200, body: readFileSync(url, 'utf8') };
}

describe('the documented bodies', () => {
  const listed = {
    plan: 'b44bb1fb-c595-45b0-9e09-d657365580bf',
    legacy: '45c44870-ef77-4fdd-b6fe-3dacb075cff2',
  };
  /** Named by the usage records alone. */
  const recorded = {
    legacyWithoutUsage: '11111111-1843-4b3b-872f-206e08a08e51',
    withBudget: '11111111-641b-4c53-b7fc-0f2bfca8a581',
    unlikeItsRecord: '11111111-6fb9-4b05-8f15-b3d72e0596e6',
    planWithoutUsage: '11111111-5892-4326-8541-9da1fdb233fb',
  };
  const legacySubscription = '11111111-f347-41b6-b02c-187b1b778a43';
  const plan = '5a2a03c7-846e-ba03-c946-dee8841e2b94';
  const emptyPlans = [
    '11111111-25aa-ebb8-2bb4-fb406307babd',
    '11111111-7d58-6654-69fa-0797198155d3',
  ];
  const customer = (id: string) => `/v1/customers/${id}`;
  const emptySubscription = '1a2b3c4d-0000-4000-8000-000000000001';
  const noUsage: Override = {
    status: 404,
    body: '{"code":3000,"description":"Customer does not have usage data.","data":[]}',
  };
  const planSummary = sample('customer-usagesummary-azureplan');
  const ofSubscription = (customerId: string, id: string) =>
    `${customer(customerId)}/subscriptions/${id}/usagesummary`;

  const overrides: Record<string, Override> = {
    '/v1/customers': sample('customers-list'),
    '/v1/customers/usagerecords': sample('customers-usagerecords'),
    '/v1/usagesummary': sample('partner-usagesummary'),
    [`${customer(listed.plan)}/usagesummary`]: planSummary,
    [`${customer(listed.plan)}/subscriptions/usagerecords`]: sample(
      'subscriptions-usagerecords-azureplan',
    ),
    [ofSubscription(listed.plan, emptyPlans[0] ?? '')]: sample(
      'subscription-usagesummary-azureplan',
    ),
    [ofSubscription(listed.plan, emptyPlans[1] ?? '')]: noUsage,
    [`${customer(listed.legacy)}/usagesummary`]: sample('customer-usagesummary-145P'),
    [`${customer(listed.legacy)}/subscriptions/usagerecords`]: sample(
      'subscriptions-usagerecords-145P',
    ),
    [ofSubscription(listed.legacy, legacySubscription)]: sample('subscription-usagesummary-145P'),
    [`${customer(recorded.withBudget)}/usagesummary`]: planSummary,
    [`${customer(recorded.withBudget)}/subscriptions/usagerecords`]: sample(
      'subscriptions-usagerecords-azureplan-nonzero',
    ),
    [ofSubscription(recorded.withBudget, plan)]: sample('subscription-usagesummary-azureplan'),
    [`${customer(recorded.unlikeItsRecord)}/usagesummary`]: planSummary,
    [ofSubscription(recorded.unlikeItsRecord, emptySubscription)]: noUsage,
    [`${customer(recorded.unlikeItsRecord)}/subscriptions/usagerecords`]: {
      status: 200,
      body: `{"totalCount":1,"items":[{"id":"${emptySubscription}","totalCost":0}]}`,
    },
    [`${customer(recorded.legacyWithoutUsage)}/usagesummary`]: noUsage,
    [`${customer(recorded.planWithoutUsage)}/usagesummary`]: noUsage,
  };

  it('are stored with every digit, with their currency and with the body as received', async () => {
    const partner = await startPartner({ customers: 1, overrides });
    const run = await snapshot(partner);
    expect(run).toMatchObject({
      status: 'complete',
      customersListed: 6,
      customersWithUsage: 4,
      customersWithoutUsage: 2,
      customersOnlyInUsageRecords: 4,
      costMismatches: 1,
      subscriptionsCaptured: 5,
    });
    const { usageByCustomer } = partner.app.stores;
    const date = run.snapshotDate;
    expect(await usageByCustomer.getCustomerSnapshot(recorded.withBudget, date)).toMatchObject({
      customerName: 'Modern Azure Customer UK',
      outcome: 'usage',
      subscriptionIds: [plan],
      figures: {
        plan: 'azurePlan',
        totalCost: '28.82860766744404945074',
        usdTotalCost: '35.23000000000000362337',
        currency: 'GBP',
        currencyCode: 'GBP',
        budgetAmount: '97',
        percentUsed: 29.72,
        billingStartDate: '2019-09-01T00:00:00+00:00',
        billingEndDate: '2019-10-01T00:00:00+00:00',
        lastModifiedDate: '2019-09-18T17:09:26.16+00:00',
      },
      raw: planSummary.body,
    });
    expect(await usageByCustomer.getCustomerSnapshot(listed.legacy, date)).toMatchObject({
      customerName: 'companyName',
      figures: {
        plan: 'payAsYouGo',
        totalCost: '0.0',
        currency: 'USD',
        currencyLocale: 'en-US',
        budgetAmount: '300.000000',
        percentUsed: 0,
        billingStartDate: '2016-02-06T00:00:00-08:00',
      },
    });
    const [legacy] = await usageByCustomer.listSubscriptionSnapshots(
      listed.legacy,
      [legacySubscription],
      date,
    );
    expect(legacy).toMatchObject({
      subscriptionName: 'Microsoft Azure',
      subscriptionStatus: 'active',
      offerId: 'MS-AZR-0145P',
      figures: { plan: 'payAsYouGo', totalCost: '22.861172', currency: 'EUR' },
    });
    expect(legacy?.figures).not.toHaveProperty('usdTotalCost');
    expect(legacy?.rawUsageRecord).toMatch(/"usdTotalCost": 0,/);
  });

  it('of several plans keep the reseller of each', async () => {
    const partner = await startPartner({ customers: 1, overrides });
    const { snapshotDate } = await snapshot(partner);
    const plans = await partner.app.stores.usageByCustomer.listSubscriptionSnapshots(
      listed.plan,
      emptyPlans,
      snapshotDate,
    );
    expect(plans).toMatchObject([
      { outcome: 'usage', partnerOnRecord: 'some-id', subscriptionName: 'Azure plan' },
      { outcome: 'noUsage', partnerOnRecord: 'some-id' },
    ]);
  });
});
