import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/faults.ts';
import { parseQuirks } from '../../src/simulator/namedQuirks.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { currencyOf } from '../../src/usage/currency.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import {
  endAll,
  isPortFree,
  runCommandLine,
  startCommandLine,
  until,
} from '../support/commandLine.ts';
import { canSendSignals } from '../support/platform.ts';
import { listShownLines, shapeOf } from '../support/readmeCommands.ts';
import { settingsAfter } from '../support/shell.ts';

const longestRunMs = 150_000;
const options = { timeout: longestRunMs + 10_000 };

afterAll(endAll);

/** Nobody answers at its port: whatever takes it for a way to this machine fails. */
const deadProxy = 'http://127.0.0.1:9';
const env = { HTTP_PROXY: deadProxy, https_proxy: deadProxy, ALL_PROXY: deadProxy };

const demo = (...args: string[]) => startCommandLine(['demo', ...args], env, { longestRunMs });

const linesOfReadme = listShownLines(
  readFileSync(new URL('../../README.md', import.meta.url), 'utf8'),
);

/** The highest cost of the customers in euro, as the demo's Partner Center has it. */
function highestCost(): string {
  const twin = createSimulator({ customers: 60, faults: parseFaults('customerRefused') });
  const costs = [...twin.customers()]
    .filter((each) => each.outcome === 'usage')
    .filter((each) => currencyOf(each, utcDateOf(Date.now())) === 'EUR')
    .map(({ totalCost }) => Number(totalCost));
  return Math.max(...costs).toFixed(2);
}

describe('demo', options, () => {
  it('takes weeks of nights, the last one in the face of faults, and shows what they tell', async () => {
    const { exitCode, stdout, stderr } = await demo().ended;
    expect(stdout).toMatch(/^run \S+ of \d{4}-\d{2}-\d{2} +complete$/m);
    expect(stdout).toMatch(/^customers listed +60$/m);
    expect(stdout).toMatch(/^ {2}failed +0$/m);
    expect(stdout).toMatch(/^ {2}remaining +0$/m);
    expect(stdout).toMatch(/^faults put in the way +times$/m);
    const faults = /faults on: (.+)/.exec(stderr)?.[1]?.split(', ') ?? [];
    expect(faults).toHaveLength(6);
    for (const fault of faults) expect(stdout).toMatch(new RegExp(`^${fault} +[1-9]\\d*$`, 'm'));
    const [, first] = stdout.slice(stdout.indexOf('\ncurrency  customer ')).trimStart().split('\n');
    expect(first).toMatch(/^EUR /);
    expect(first).toContain(` ${highestCost()} `);
    expect(stdout).toMatch(/^\d{4}-\d{2}-\d{2} +SEK +\d+\.\d{2} +\d+\.\d{2} +\d+ +0$/m);
    expect(stdout).toMatch(/^\d{4}-\d{2}-\d{2} +█.* \d+\.\d{2} .*anomaly$/m);
    expect(stdout).toMatch(
      /^\d{4}-\d{2}-\d{2} .* (actual|forecast) \d+ % +\d+\.\d+ % .* to \d{4}-\d{2}-\d{2}$/m,
    );
    const verdict = '60 of 60 rows of the day hold what Partner Center has, to the digit\n';
    expect(stdout.endsWith(verdict)).toBe(true);
    expect(stderr).toContain('60 customers, faults on: serverError, ');
    expect(linesOfReadme.length).toBeGreaterThan(10);
    const printed = new Set(stdout.split('\n').map(shapeOf));
    expect(linesOfReadme.filter((line) => !printed.has(shapeOf(line)))).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

interface Day {
  date: string;
  outcome: string;
  totalCost: number | null;
  forecastTotalCost: number | null;
  isStale: boolean;
  billingPeriodStart: string | null;
}

interface Shown {
  customerId: string;
  customerName: string;
  /** Of its series. */
  currencies: string[];
  days: Day[];
}

/** The customers of a demo that serves, as the API shows them, and as Partner Center has them. */
async function readDemo(url: string) {
  const read = async (path: string) => JSON.parse(await (await fetch(`${url}${path}`)).text());
  const { items, date: to } = await read('?top=1000');
  const from = addDays(to, -89);
  const customers: Shown[] = await Promise.all(
    items.map(async ({ customerId }: Shown) => {
      const { customerName, series } = await read(`/${customerId}/history?from=${from}&to=${to}`);
      const days = series.flatMap((one: { items: Day[] }) => one.items);
      const currencies = series.map((one: { currency: string }) => one.currency);
      return { customerId, customerName, currencies, days };
    }),
  );
  const dates = Array.from({ length: 90 }, (_, place) => addDays(from, place));
  return { customers, dates, to };
}

describe('demo --serve', options, () => {
  let run: ReturnType<typeof demo>;
  let url = '';
  beforeAll(async () => {
    run = demo('--serve');
    await run.untilPrinted(/Ctrl-C ends it/);
    const [page = ''] = run.stdout().match(/^http:\S+$/m) ?? [];
    expect(page).toMatch(/\/api\/dashboard$/);
    url = page.replace(/dashboard$/, 'customers');
  }, longestRunMs);

  it('has 90 days of each customer without a seam, to the digit', async () => {
    expect(run.stderr()).toMatch(
      /^The 61 nights before are not run, but written from .*; 2 are missed$/m,
    );
    const quirks = parseQuirks('foreignNames,lateFigures,currencyChanges,costSpikes');
    const twin = createSimulator({ customers: 60, quirks });
    const { customers, dates, to } = await readDemo(url);
    expect(customers).toHaveLength(60);
    const missed = dates.slice(44, 46);
    for (const { customerId, customerName, days } of customers) {
      expect(days.map(({ date }) => date)).toEqual(dates);
      let before: Day | undefined;
      for (const day of days) {
        const { date, outcome, totalCost, billingPeriodStart } = day;
        // Tonight some customers are refused.
        if (date === to) continue;
        const expected = twin.expectedCustomer(customerId, `${date}T02:30:00Z`);
        const isMissed = missed.includes(date);
        expect([date, outcome]).toEqual([date, isMissed ? 'missing' : expected.outcome]);
        if (outcome !== 'usage') continue;
        expect([date, customerName, totalCost]).toEqual([
          date,
          expected.name,
          Number(expected.totalCost),
        ]);
        if (before?.billingPeriodStart === billingPeriodStart) {
          expect(totalCost).toBeGreaterThanOrEqual(before?.totalCost ?? 0);
        }
        before = day;
      }
    }
    const fresh = customers[0]?.days.filter((day) => day.outcome === 'usage' && !day.isStale) ?? [];
    // The first forecast needs some days.
    const withForecast = fresh.slice(20).filter((day) => day.forecastTotalCost !== null);
    expect(fresh.length).toBeGreaterThan(70);
    expect(withForecast).toEqual(fresh.slice(20));
  });

  it('has everything that a page has to show', async () => {
    const { customers } = await readDemo(url);
    const count = (has: (customer: Shown) => boolean) => customers.filter(has).length;
    expect(count(({ days }) => days.some(({ isStale }) => isStale))).toBeGreaterThan(10);
    expect(count(({ currencies }) => currencies.includes('NOK'))).toBeGreaterThan(3);
    expect(count(({ currencies }) => currencies.length > 1)).toBeGreaterThan(3);
    expect(count(({ customerName }) => /\p{Script=Hebrew}/u.test(customerName))).toBeGreaterThan(0);
    expect(count(({ customerName }) => /\p{Script=Arabic}/u.test(customerName))).toBeGreaterThan(0);
    expect(count(({ customerName }) => customerName.length > 180)).toBeGreaterThan(0);
    const periodsOf = (days: Day[]) =>
      new Set(days.map((day) => day.billingPeriodStart).filter((start) => start !== null)).size;
    expect(count(({ days }) => periodsOf(days) >= 3)).toBeGreaterThan(40);
    // Of the last 30 days.
    const api = url.replace(/customers$/, '');
    for (const list of ['anomalies', 'budget-alerts']) {
      const { items } = JSON.parse(await (await fetch(`${api}${list}`)).text());
      expect([list, items.length > 0]).toEqual([list, true]);
    }
  });

  it('leaves the API up over what was recorded, and settings for the other commands', async () => {
    const answer = await fetch(`${url}?top=1`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ complete: true, items: [{ currency: 'EUR' }] });
    const line = /^export .+$/m.exec(run.stdout())?.[0] ?? '';
    const settings = await settingsAfter(line, '.');
    const commands = [['top', '--limit', '1'], ['usage'], ['snapshot']];
    for (const command of commands) {
      const { exitCode, stderr } = await runCommandLine(command, settings);
      expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: '' });
    }
    run.kill('SIGTERM');
    expect((await run.ended).exitCode).toBe(canSendSignals ? 0 : null);
  });
});

/** A process, as /proc/PID/stat has it. */
interface Process {
  pid: number;
  parent: number;
  group: number;
}

async function listProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  );
  return stats.flatMap((stat) => {
    // The name stands in brackets and may hold anything.
    const [, pid, rest] = /^(\d+) \(.*\) (.+)$/s.exec(stat) ?? [];
    const [state, parent, group] = rest?.split(' ') ?? [];
    if (state === undefined || state === 'Z') return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group) }];
  });
}

/** TCP ports of IPv4 at which a process listens. */
async function listPorts(pid: number): Promise<number[]> {
  const files = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(
    files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')),
  );
  const sockets = new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  const table = await readFile(`/proc/${pid}/net/tcp`, 'utf8');
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const isListening = state === '0A' && sockets.has(inode);
    return isListening ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : [];
  });
}

async function isGone({ pid }: Process): Promise<boolean> {
  return !(await listProcesses()).some((other) => other.pid === pid);
}

/** A demo in the middle of its run, its child processes and the ports of all of them. */
async function startDemo() {
  const run = demo();
  // All is up, and the nights begin.
  await run.untilPrinted(/60 customers, to have a history/);
  const children = (await listProcesses()).filter(({ parent }) => parent === run.pid);
  const ports = await Promise.all([run.pid, ...children.map(({ pid }) => pid)].map(listPorts));
  return { run, children, ports: ports.flat() };
}

describe.skipIf(process.platform !== 'linux')('demo (looked at by /proc of Linux)', options, () => {
  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGKILL'])(
    'gives back every process and port after %s in the middle of its nights',
    async (signal) => {
      const { run, children, ports } = await startDemo();
      expect(children).toHaveLength(1);
      // Simulator, and the emulator's blobs, queues and tables.
      expect(ports).toHaveLength(4);
      run.kill(signal);
      const { exitCode, stdout } = await run.ended;
      expect(exitCode).toBe(signal === 'SIGKILL' ? null : 1);
      expect(stdout).toBe('');
      for (const child of children) {
        await until(`process ${child.pid} to end`, () => isGone(child));
      }
      for (const port of ports) await until(`port ${port} to be free`, () => isPortFree(port));
    },
  );

  it('keeps its storage out of the reach of Ctrl-C, to write its last rows to', async () => {
    const { run, children } = await startDemo();
    const [storage] = children;
    // A terminal sends SIGINT to the whole group.
    expect(storage?.group).toBe(storage?.pid);
    run.kill('SIGTERM');
    await run.ended;
  });
});
