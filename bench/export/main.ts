import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Time and peak memory of `usage-snapshots export` of 10,000 rows and of a million, or as many as
 * the argument says, and of the `import` of 100,000: tables and command line run in processes of
 * their own.
 */

const fewRows = 10_000;
const manyRows = Number(process.argv[2] ?? 1_000_000);
const importedRows = 100_000;

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tableServer = fileURLToPath(new URL('../tableServer.ts', import.meta.url));
const reportPeak = new URL('../memory/reportPeak.ts', import.meta.url).href;

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

async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

/** Runs the command against tables that have so many rows. */
async function measure(args: string[], file: string, rowsThere = 0): Promise<void> {
  const tables = start([tableServer, String(rowsThere)]);
  try {
    if (!tables.stdout) throw new Error('expected the output of the tables, got none');
    const [port] = await once(createInterface(tables.stdout), 'line');
    const startMs = performance.now();
    const run = start(['--import', reportPeak, cli, ...args, file, '--json'], {
      SNAPSHOT_STORAGE: storageAt(port),
    });
    const ended = once(run, 'close');
    const [stdout, stderr] = await Promise.all([textOf(run.stdout), textOf(run.stderr)]);
    const [exitCode] = await ended;
    if (exitCode !== 0) throw new Error(`expected exit code 0, got ${exitCode}: ${stderr}`);
    const { rows, added } = JSON.parse(stdout);
    const counts: Record<string, number> = rows ?? added;
    const result = {
      command: `${args[0]} ${file.slice(file.lastIndexOf('.'))}`,
      rows: Object.values(counts).reduce((sum, count) => sum + count, 0),
      seconds: Math.round((performance.now() - startMs) / 100) / 10,
      'file MB': Math.round((await stat(file)).size / 2 ** 20),
      'peak MB': Math.round(Number(/peak (\d+) KiB/.exec(stderr)?.[1]) / 1024),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    tables.kill();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'usage-snapshots-bench-'));
try {
  for (const rows of [fewRows, manyRows]) {
    for (const ending of ['ndjson', 'csv']) {
      await measure(['export', '--output'], join(folder, `${rows}.${ending}`), rows);
    }
  }
  const file = join(folder, 'imported.ndjson');
  await measure(['export', '--output'], file, importedRows);
  await measure(['import'], join(folder, `${fewRows}.ndjson`));
  await measure(['import'], file);
} finally {
  await rm(folder, { recursive: true });
}
