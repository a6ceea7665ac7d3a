import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import {
  endAll,
  newTablePrefix,
  printed,
  runCommandLine,
  secrets,
  startPartner,
} from '../support/commandLine.ts';

let azurite: EmbeddedAzurite;
/** Of the storage alone: no setting of Partner Center. */
let settings: Record<string, string>;
/** The documents that two runs of today printed. */
let documents: { runId: string; snapshotDate: string }[];

beforeAll(async () => {
  azurite = await startAzurite();
  const partner = await startPartner({}, azurite.connectionString);
  const { SNAPSHOT_STORAGE = '', SNAPSHOT_TABLE_PREFIX = '' } = partner.settings;
  settings = { SNAPSHOT_STORAGE, SNAPSHOT_TABLE_PREFIX };
  documents = [];
  for (const args of [[], ['--customer', partner.simulator.expectedCustomer(0).id]]) {
    const end = await runCommandLine(['snapshot', ...args, '--json'], partner.settings);
    documents.push(JSON.parse(end.stdout));
  }
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const runs = (...args: string[]) => runCommandLine(['runs', ...args], settings);
const today = () => documents[0]?.snapshotDate ?? '';

describe('runs', () => {
  it('lists what ran, with the settings of the storage alone', async () => {
    const { exitCode, stdout, stderr } = await runs();
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^date +started +trigger +scope +status +listed/);
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^${today()} .+cli +all +complete +20 `)),
      expect.stringMatching(new RegExp(`^${today()} .+cli +customer +partial +1 `)),
    ]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--json prints one document, with the runs in the order in which they began', async () => {
    const { exitCode, stdout, stderr } = await runs('--json');
    expect(JSON.parse(stdout)).toMatchObject(
      documents.map(({ runId, snapshotDate }) => ({ runId, snapshotDate, trigger: 'cli' })),
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--from and --to are dates, both included', async () => {
    const on = await runs('--from', today(), '--to', today(), '--json');
    expect(JSON.parse(on.stdout)).toHaveLength(2);
    const before = await runs('--from', '2020-01-01', '--to', '2020-01-31', '--json');
    expect(JSON.parse(before.stdout)).toEqual([]);
    const after = await runs('--from', '2999-01-01', '--to', '2999-12-31');
    expect(after.stdout).toBe('no runs from 2999-01-01 to 2999-12-31\n');
    expect([on.exitCode, before.exitCode, after.exitCode]).toEqual([0, 0, 0]);
  });

  it('of tables that are not there yet is an empty list', async () => {
    const fresh = { ...settings, SNAPSHOT_TABLE_PREFIX: newTablePrefix() };
    const { exitCode, stdout } = await runCommandLine(['runs', '--json'], fresh);
    expect(JSON.parse(stdout)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--from', 'yesterday'], '"yesterday"'],
    [['--to', '2026-02-29'], '"2026-02-29"'],
    [['--from', '2026-1-1'], '"2026-1-1"'],
  ])('%j is no date: exit code 2', async (args, got) => {
    const { exitCode, stdout, stderr } = await runs(...args);
    expect(stderr).toContain(`expected a date yyyy-MM-dd, got ${got}`);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('from a date after the last one: exit code 2, and both dates are named', async () => {
    const { exitCode, stdout, stderr } = await runs('--from', '2026-03-02', '--to', '2026-03-01');
    expect(stderr).toBe('--from: expected a date up to 2026-03-01, got 2026-03-02\n');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('names the settings that are missing, and asks for none of Partner Center', async () => {
    const { exitCode, stdout, stderr } = await runCommandLine(['runs']);
    expect(stderr).toMatch(/^SNAPSHOT_STORAGE\b.+got none of them\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('prints no secret in any of these calls', async () => {
    await runs();
    expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
  });
});
