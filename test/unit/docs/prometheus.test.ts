import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/installedPackages.ts';
import { metricsRoute } from '../../../src/http/metricsRoute.ts';
import { total } from '../../contract/snapshots.ts';
import { createHistory, row, run } from '../../support/recorded.ts';

const read = (file: string) => readFileSync(join(root, 'docs', file), 'utf8');
const page = read('prometheus.md');
const alerts = read('prometheus/alerts.yml');

/** The first group of each match. */
const listMatches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, group = '']) => group);

/** The metrics of a day on which everything is known: name, labels and type. */
async function listMetrics(): Promise<string[]> {
  const today = '2026-03-20';
  const { stores, context } = createHistory(today);
  const known = { durationMs: 1, customersRemaining: 0, refreshTokenAgeDays: 0 };
  await stores.snapshotRuns.upsert(run(today, known));
  await stores.usageByCustomer.upsertTotals([total({ snapshotDate: today })]);
  await stores.usageByDay.upsertDay([
    row(today, '1', { cost: { daysCovered: 1, isStale: false } }),
  ]);
  const { text } = await metricsRoute.write({}, 'text/plain', {
    ...context,
    hasCustomerMetrics: true,
  });
  return [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
}

describe('docs/prometheus.md', () => {
  it('shows the configuration that is beside it', () => {
    expect(page).toContain(`\`\`\`yaml\n${read('prometheus/prometheus.yml')}\`\`\``);
  });

  it('names each metric with its type', async () => {
    const named = [...page.matchAll(/^\| `(csp_\w+)(?:\{\w+\})?` \| (\w+) \|/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    expect(named).toEqual(await listMetrics());
  });

  it('names each alert with its severity', () => {
    const rules = [...alerts.matchAll(/alert: (\w+)\n.*?severity: (\w+)/gs)];
    expect([...page.matchAll(/^\| `(Csp\w+)` \| (\w+) \|/gm)].map(([, ...cells]) => cells)).toEqual(
      rules.map(([, ...rule]) => rule),
    );
  });
});

it('the alerts ask for metrics that there are', async () => {
  const names = (await listMetrics()).map((metric) => metric.split(' ')[0]);
  const asked = listMatches(alerts, /(csp_\w+)/g);
  expect(asked.length).toBeGreaterThan(5);
  expect(names).toEqual(expect.arrayContaining(asked));
});
