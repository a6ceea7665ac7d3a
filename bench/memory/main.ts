import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Peak memory of `usage-snapshots snapshot`, by number of customers: simulator, tables and command
 * line run in processes of their own.
 */

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tableServer = fileURLToPath(new URL('../tableServer.ts', import.meta.url));
const reportPeak = new URL('./reportPeak.ts', import.meta.url).href;

/** The account and key that every storage emulator has. */
const storageAt = (port: string) =>
  'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;' +
  'AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;' +
  `TableEndpoint=http://127.0.0.1:${port}/devstoreaccount1`;

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The first lines that a process prints. */
async function firstLines(child: ChildProcess, count: number): Promise<string[]> {
  const lines: string[] = [];
  if (!child.stdout) return lines;
  for await (const line of createInterface(child.stdout)) {
    if (lines.push(line) === count) break;
  }
  return lines;
}

async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

async function measure(customers: number): Promise<Record<string, unknown>> {
  const simulator = start([cli, 'simulate', '--customers', String(customers)]);
  const tables = start([tableServer]);
  try {
    const settings = await firstLines(simulator, 6);
    const [port = ''] = await firstLines(tables, 1);
    const env = Object.fromEntries(settings.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    const run = start(['--import', reportPeak, cli, 'snapshot', '--json'], {
      ...env,
      SNAPSHOT_STORAGE: storageAt(port),
      PARTNER_CENTER_REQUESTS_PER_MINUTE: '0',
    });
    const ended = once(run, 'close');
    const [stdout, stderr] = await Promise.all([textOf(run.stdout), textOf(run.stderr)]);
    await ended;
    const { status, requests, durationMs } = JSON.parse(stdout);
    const peakKiB = Number(/peak (\d+) KiB/.exec(stderr)?.[1]);
    return {
      customers,
      status,
      requests: requests.total,
      seconds: Math.round(durationMs / 1000),
      'peak MB': Math.round(peakKiB / 1024),
    };
  } finally {
    simulator.kill();
    tables.kill();
  }
}

for (const argument of process.argv.slice(2)) {
  process.stdout.write(`${JSON.stringify(await measure(Number(argument)))}\n`);
}
