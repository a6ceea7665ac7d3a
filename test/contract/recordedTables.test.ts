import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { ask, type RecordedAnswer } from '../support/recordedAnswers.ts';
import {
  type Deployment,
  linesOf,
  openMemoryDeployment,
  openServiceDeployment,
  readFixture,
  recordedLeases,
  recordedRows,
} from '../support/recordedTables.ts';
import { copyThroughStores } from '../support/storeCopy.ts';

const answers: RecordedAnswer[] = JSON.parse(readFixture('answers/index.json').toString());
const nightDate = '2026-04-03';
const leaseOwner = '20260402T023000000Z-347f1029';
/** Whose rows have columns that are read and no longer written. */
const ofOldVersion = 'aaaaaaaa-0000-4000-8000-000000000050';

let azurite: EmbeddedAzurite;
const closings: (() => Promise<void>)[] = [];
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  for (const close of closings) await close();
  await azurite?.stop();
});

const kinds: [string, () => Promise<Deployment>][] = [
  ['in memory', async () => openMemoryDeployment()],
  [
    'in the storage emulator',
    async () => {
      const opened = await openServiceDeployment(azurite.port, `r${closings.length}`);
      closings.push(opened.close);
      return opened;
    },
  ],
];

describe.each(kinds)('tables that were recorded before, %s,', (_kind, open) => {
  let recorded: Deployment;
  beforeAll(async () => {
    recorded = await open();
    await recorded.load(recordedRows);
  });

  it('are exported as they were recorded, to the byte', async () => {
    const exported = await recorded.exportRows();
    expectSameLines(exported, recordedRows);
    expect(exported === recordedRows).toBe(true);
  });

  it('come back the same from an export that is put into empty tables', async () => {
    const other = await open();
    await other.load(await recorded.exportRows());
    expectSameLines(await other.exportRows(), recordedRows);
  });

  it('have no row that its store cannot read, and write again as it was', async () => {
    const other = await open();
    await copyThroughStores(linesOf(recordedRows), recorded.stores, other.stores);
    const isCurrent = (line: string) => !line.includes(ofOldVersion);
    const copied = linesOf(await other.exportRows());
    expect(copied.length).toBe(linesOf(recordedRows).length);
    expectSameLines(
      copied.filter(isCurrent).join('\n'),
      linesOf(recordedRows).filter(isCurrent).join('\n'),
    );
  });

  it.each(answers)('are answered as before: $file', async (answer) => {
    const { status, headers, body } = await ask(answer, recorded);
    expect({ status, headers }).toEqual({ status: answer.status, headers: answer.headers });
    const expected = readFixture(`answers/${answer.file}`);
    // Texts show where they differ; bytes decide.
    if (!body.equals(expected)) expect(body.toString()).toBe(expected.toString());
    expect(body.equals(expected)).toBe(true);
  });

  it('answer the bodies as they were received, truncated ones as such', async () => {
    const at = '2026-04-02T05:00:00Z';
    const seen = { whole: 0, truncated: 0 };
    for (const { PartitionKey, RowKey, raw } of listSomeBodies()) {
      const [resource, ...key] = RowKey.split('|');
      const ofSubscription = resource === 'subscription' ? `&subscriptionId=${key[0]}` : '';
      const target = `customers/${PartitionKey}/raw?date=${key.at(-1)}${ofSubscription}`;
      const { status, headers, body } = await ask({ target, at }, recorded);
      expect([target, status, body.toString()]).toEqual([target, 200, raw]);
      // A body is stored up to this length.
      const kind = raw.length === 32_000 ? 'truncated' : 'whole';
      const type = kind === 'whole' ? 'application/json' : 'text/plain; charset=utf-8';
      expect([target, headers['content-type']]).toEqual([target, type]);
      seen[kind]++;
    }
    expect(seen).toEqual({ whole: expect.any(Number), truncated: 2 });
    expect(seen.whole).toBeGreaterThan(50);
  });

  it('keep every row of another date when a night is recorded on top of them', async () => {
    const deployment = await open();
    await deployment.load(recordedRows);
    await deployment.putLease(recordedLeases.givenBack);
    const result = await deployment.runNight();
    expect(result).toMatchObject({ isBusy: false, run: { status: 'complete', isSettled: true } });
    const lines = linesOf(await deployment.exportRows());
    const isOfNight = (line: string) => line.includes(`"snapshotDate":"${nightDate}"`);
    expect(lines.filter(isOfNight).length).toBeGreaterThan(40);
    const kept = lines.filter((line) => !isOfNight(line));
    const before = linesOf(recordedRows);
    const isOfDeadRun = (_line: string, index: number) => isRunning(before[index] ?? '');
    const others = (all: string[]) => all.filter((line, index) => !isOfDeadRun(line, index));
    expectSameLines(others(kept).join('\n'), others(before).map(afterDelivery).join('\n'));
    const closed = before.filter(isRunning).map((line) => ({
      ...JSON.parse(line),
      ...{ status: 'failed', isSettled: false },
      ...{ error: expect.stringContaining('its lease ran out'), finishedAt: expect.any(String) },
    }));
    expect(closed.length).toBe(2);
    expect(kept.filter(isOfDeadRun).map((line) => JSON.parse(line))).toEqual(closed);
  });

  it('keep a run waiting while the lease holds, and let it take over afterwards', async () => {
    const deployment = await open();
    await deployment.putLease(recordedLeases.running);
    const busy = { isBusy: true, runId: leaseOwner };
    expect(await deployment.runNight()).toEqual(busy);
    deployment.setTableClock(deployment.tableNow() + 50_000);
    expect(await deployment.runNight()).toEqual(busy);
    expect(await deployment.exportRows()).toBe('');
    deployment.setTableClock(deployment.tableNow() + 11_000);
    expect(await deployment.runNight()).toMatchObject({ isBusy: false });
  });

  it('keep a run waiting by the end that a lease of an old version names', async () => {
    const deployment = await open();
    await deployment.putLease(recordedLeases.ofOldVersion);
    deployment.setTableClock(Date.parse('2026-04-02T02:30:58Z'));
    expect(await deployment.runNight()).toEqual({ isBusy: true, runId: leaseOwner });
    deployment.setTableClock(Date.parse('2026-04-02T02:31:01Z'));
    expect(await deployment.runNight()).toMatchObject({ isBusy: false });
  });
});

/** Whether a row is that of a run that never wrote its end: the next run closes it. */
function isRunning(line: string): boolean {
  return line.includes('"status":"running"');
}

interface RowWithBody {
  PartitionKey: string;
  RowKey: string;
  raw: string;
}

/** Rows that are marked as truncated, those in the form of an old version, and each tenth other. */
function listSomeBodies(): RowWithBody[] {
  const rows = linesOf(recordedRows)
    .filter((line) => line.includes('"raw":') && !line.includes('"RowKey":"partner|'))
    .map((line) => JSON.parse(line));
  return rows.filter(
    ({ PartitionKey, rawTruncated }, index) =>
      rawTruncated || PartitionKey === ofOldVersion || index % 10 === 0,
  );
}

/** A night started by the timer delivers the alerts that are still to be delivered. */
function afterDelivery(line: string): string {
  return line.startsWith('{"table":"BudgetAlerts"')
    ? line.replace('"delivered":false', '"delivered":true')
    : line;
}

/** Shows the first lines that differ, as all of them would be megabytes. */
function expectSameLines(actual: string, expected: string): void {
  const [ours, theirs] = [linesOf(actual), linesOf(expected)];
  const differing = theirs.flatMap((line, index) => (ours[index] === line ? [] : [index]));
  const some = differing.slice(0, 3);
  expect(some.map((index) => ours[index])).toEqual(some.map((index) => theirs[index]));
  expect(ours.length).toBe(theirs.length);
}
