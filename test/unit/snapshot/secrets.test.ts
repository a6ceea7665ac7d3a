import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Override } from '../../../src/simulator/simulatorOptions.ts';
import { collect, createNight, type Night } from '../../support/night.ts';

/** Stands for a person's name, an address, a token: whatever an answer may quote. */
const mark = 'MARKED-jane.doe@contoso.example';

const body = JSON.stringify({
  code: 4711,
  error: mark,
  description: `Bearer ${mark}`,
  data: [mark],
  message: mark,
});

/** Everything that can come in place of a summary. */
const answers: Override[] = [
  ...[302, 400, 403, 404, 408, 409, 410, 429, 500, 501, 503].map((status) => ({ status, body })),
  { status: 403, body: mark },
  { status: 404, body: `<html>${mark}</html>` },
  { status: 503, body: `<html>${mark}</html>` },
  { status: 200, body: mark },
  { status: 200, body: `{"totalCost": 1, "name": "${mark}` },
  { status: 200, body: JSON.stringify({ totalCost: mark, currencyCode: mark }) },
  { status: 200, body: JSON.stringify({ billingStartDate: mark, name: mark }) },
  { status: 200, body: JSON.stringify([mark]) },
  { status: 200, body: JSON.stringify(mark) },
  { status: 204, body: '' },
  ...[400, 403, 404, 409, 500].map((status) => ({ status, body: JSON.stringify({ code: mark }) })),
];

/** All that a night leaves behind: its result, its events, its rows and records. */
async function traceOf(night: Night, result: unknown): Promise<string> {
  const { usageByCustomer, usageByDay, snapshotRuns } = night.stores;
  const range = { from: '2026-03-10', to: '2026-03-10' };
  const day = await collect(usageByDay.listDay('2026-03-10'));
  const customers = [...night.simulator.customers()].map(async ({ id, subscriptions }) => [
    await usageByCustomer.getCustomerSnapshot(id, '2026-03-10'),
    await usageByCustomer.listSubscriptionSnapshots(
      id,
      subscriptions.map((each) => each.id),
      '2026-03-10',
    ),
  ]);
  const runs = await collect(snapshotRuns.list(range));
  const all = [result, night.events, day, await Promise.all(customers), runs];
  return JSON.stringify(all) + inspect(all, { depth: Number.POSITIVE_INFINITY, showHidden: true });
}

function expectNoSecret(trace: string, night: Night): void {
  expect(trace).not.toContain('MARKED');
  expect(trace).not.toContain(night.simulator.refreshToken);
  expect(trace).not.toMatch(/eyJ[\w-]{10,}\.|Bearer/);
}

describe('what a failed answer quotes', () => {
  it.each(['summary', 'subscription', 'list'])(
    'reaches no row, record, event or result: of a %s',
    async (call) => {
      const night = createNight({ customers: 60 });
      const customers = [...night.simulator.customers()].filter(
        ({ kind }) => kind !== 'licensesOnly',
      );
      const paths = customers.map(({ id, subscriptions }) => {
        const customer = `/v1/customers/${id}`;
        if (call === 'summary') return `${customer}/usagesummary`;
        if (call === 'list') return `${customer}/subscriptions/usagerecords`;
        return `${customer}/subscriptions/${subscriptions[0]?.id}/usagesummary`;
      });
      night.simulator.overrides = Object.fromEntries(
        answers.map((answer, index) => [paths[index], answer]),
      );
      const result = await night.run();
      const failed = night.events.filter(({ event }) => event === 'snapshot.customer.failed');
      expect(failed.length).toBeGreaterThan(answers.length / 2);
      expectNoSecret(await traceOf(night, result), night);
    },
  );

  it.each(['/v1/customers', '/v1/customers/usagerecords', '/v1/usagesummary'])(
    'reaches no row, record, event or result: of %s',
    async (path) => {
      for (const answer of answers) {
        const night = createNight({ customers: 20, overrides: { [path]: answer } });
        expectNoSecret(await traceOf(night, await night.run()), night);
      }
    },
  );

  it('reaches none of them: of the sign-in host', async () => {
    for (const error of ['invalid_grant', 'temporarily_unavailable', mark]) {
      const refusal = { error, code: 700082, text: `${mark} has no right` };
      const night = createNight({ customers: 20, signIn: { refusal } });
      expectNoSecret(await traceOf(night, await night.run()), night);
    }
  });
});
