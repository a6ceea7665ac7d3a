import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { endAll, newTablePrefix, runCommandLine, startPartner } from '../support/commandLine.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { customerId, row, run } from '../support/recorded.ts';

const other = 'aaaaaaaa-0000-4000-8000-000000000002';
const yesterday = addDays(utcDateOf(Date.now()), -1);
/** Names that turn around what follows, hide a part of themselves, or are a formula. */
const names = ['\u202egro.tset\u200b\u001b[2J\ufeff', `\ufeff =${'x'.repeat(900)}`] as const;
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

let azurite: EmbeddedAzurite;
let settings: Record<string, string>;
beforeAll(async () => {
  azurite = await startAzurite();
  const prefix = newTablePrefix();
  settings = { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
  const tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  const { usageByCustomer, usageByDay, snapshotRuns } = createStores(tables);
  await snapshotRuns.upsert({ ...run(yesterday), status: 'complete', error: names[0] });
  const rows = [
    row(yesterday, '20', { customerName: names[0] }),
    row(yesterday, '10', { customerId: other, customerName: names[1] }),
  ];
  for (const each of rows) await usageByCustomer.upsertCustomer([each]);
  await usageByDay.upsertDay(rows);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

describe('a name that somebody else chose', () => {
  it.each(['top', 'runs', `history ${customerId}`, `history ${customerId} --format chart`])(
    'is shown by `%s` with escapes for what nobody would see',
    async (line) => {
      const args = line.split(' ');
      const { exitCode, stdout } = await runCommandLine(args, settings);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('\\u202egro.tset\\u200b\\u001b[2J\\ufeff');
      expect(stdout).not.toMatch(hidden);
    },
  );

  it('widens the table of nobody else', async () => {
    const { stdout } = await runCommandLine(['top'], settings);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain(` =${'x'.repeat(20)}`);
    expect(lines[2]).toContain('…  ');
    for (const line of lines) expect(line.length).toBeLessThan(160);
  });

  it('is in JSON as it is, and in CSV as well, where it is no formula', async () => {
    const { stdout } = await runCommandLine(['top', '--json'], settings);
    const { items } = JSON.parse(stdout);
    expect(items.map((item: { customerName: string }) => item.customerName)).toEqual(names);
    expect(stdout).toContain('\u202egro.tset\u200b');
    const { stdout: history } = await runCommandLine(['history', other, '--json'], settings);
    expect(JSON.parse(history).customerName).toBe(names[1]);
    const folder = await mkdtemp(join(tmpdir(), 'text-'));
    await runCommandLine(['export', '--output', join(folder, 'all.csv')], settings);
    const csv = await readFile(join(folder, 'all.csv'), 'utf8');
    await rm(folder, { recursive: true });
    expect(csv).toContain(`,${names[0]},`);
    expect(csv).toContain(`,'${names[1]},`);
  });
});

describe('the answer of a server that goes on and on', () => {
  const message = `Not you.\u202e\u001b[2J ${'x'.repeat(1_000_000)}`;
  const quoted = /Not you\.\\u202e\\u001b\[2J x{100,}… \(cut, 1000014 characters\)/;

  /** All settings, with tables that refuse everything in so many words. */
  async function startRefusing() {
    const server = await startHttpServer((request, response) => {
      request.resume().on('end', () => {
        const error = { code: 'AuthorizationFailure', message: { lang: 'en', value: message } };
        response.writeHead(403, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ 'odata.error': error }));
      });
    });
    const key = 'AccountName=some;AccountKey=a2V5';
    const endpoint = `TableEndpoint=${server.url}/some`;
    const storage = `DefaultEndpointsProtocol=http;${key};${endpoint}`;
    return { server, partner: await startPartner({}, storage) };
  }

  it('is quoted by its start, by doctor --json as on stderr', async () => {
    const { server, partner } = await startRefusing();
    try {
      const doctor = await runCommandLine(['doctor', '--json'], partner.settings);
      const checks: { name: string; finding: string }[] = JSON.parse(doctor.stdout);
      const { finding = '' } = checks.find(({ name }) => name === 'tables') ?? {};
      expect(finding).toMatch(quoted);
      expect(finding.length).toBeLessThan(1_000);

      for (const args of [['doctor'], ['snapshot'], ['top'], ['runs']]) {
        const { stdout, stderr, exitCode } = await runCommandLine(args, partner.settings);
        expect(exitCode).toBe(1);
        expect(stdout + stderr).toMatch(quoted);
        expect(stdout + stderr).not.toMatch(hidden);
        for (const line of (stdout + stderr).split('\n')) expect(line.length).toBeLessThan(1_000);
      }
    } finally {
      await server.close();
    }
  });
});

describe('usage', () => {
  it('prints a body as received as it is, and its name with escapes', async () => {
    const { settings: all, simulator } = await startPartner();
    const body = JSON.stringify({
      ...{ resourceName: names[0], totalCost: 12.5, currencyLocale: 'en-US' },
      ...{ billingStartDate: '2026-03-01T00:00:00Z', billingEndDate: '2026-04-01T00:00:00Z' },
      hidden: '\u202e\u2028',
    });
    simulator.overrides = { '/v1/usagesummary': { status: 200, body } };
    const raw = await runCommandLine(['usage', '--raw'], all);
    expect(raw.stdout).toBe(`${body}\n`);
    const { stdout } = await runCommandLine(['usage'], all);
    expect(stdout).toContain('\\u202egro.tset\\u200b\\u001b[2J\\ufeff');
    expect(stdout).not.toMatch(hidden);
    const json = await runCommandLine(['usage', '--json'], all);
    expect(JSON.parse(json.stdout).name).toBe(names[0]);
  });
});
