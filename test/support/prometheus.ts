import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { findClosedPort, until } from './commandLine.ts';
import { skipTest } from './platform.ts';

/** Prometheus and its `promtool`, where they are installed. */

const folder = fileURLToPath(new URL('../../docs/prometheus', import.meta.url));
/** The first version that can send a header of one's own. */
const firstWithHeaders = [2, 55];

const run = (command: string, args: string[]) =>
  promisify(execFile)(command, args, { cwd: folder, timeout: 60_000 });

/** Undefined where one of the two is missing. */
async function findVersion(): Promise<number[] | undefined> {
  try {
    await run('promtool', ['--version']);
    const { stdout, stderr } = await run('prometheus', ['--version']);
    const [, major = '', minor = ''] = /version (\d+)\.(\d+)/.exec(stdout + stderr) ?? [];
    return [Number(major), Number(minor)];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const version = await findVersion();

export const hasPrometheus = version !== undefined;

/** Skips the test where there is no Prometheus. */
export function needPrometheus(context: TestContext): void {
  if (hasPrometheus) return;
  skipTest(context, 'there is no prometheus with promtool: nothing scrapes, no rule is checked');
}

/** What `promtool` prints, in the folder of the documented files. */
export async function promtool(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('promtool', args);
  return stdout + stderr;
}

/**
 * The documented configuration for the installed version: one that cannot send a header sends the
 * key as the page says for it.
 *
 * @param older what stands in place of the header
 */
export async function readScrapeConfig(older: string): Promise<string> {
  const text = await readFile(join(folder, 'prometheus.yml'), 'utf8');
  const [major = 0, minor = 0] = version ?? [];
  const [firstMajor = 0, firstMinor = 0] = firstWithHeaders;
  if (major > firstMajor || (major === firstMajor && minor >= firstMinor)) return text;
  return text.replace(/^ {4}http_headers:.*\n(?: {6}.*\n)+/m, older);
}

export interface RunningPrometheus {
  /** The series that an expression has now. */
  query(expression: string): Promise<Sample[]>;
  /** What the metrics of the scrapes are, by name. */
  metadata(): Promise<Record<string, { type: string }[]>>;
  stop(): Promise<void>;
}

export interface Sample {
  metric: Record<string, string>;
  value: [atSeconds: number, value: string];
}

/** Starts a Prometheus of its own on loopback, with its data in a folder that goes with it. */
export async function startPrometheus(config: string): Promise<RunningPrometheus> {
  const home = await mkdtemp(join(tmpdir(), 'prometheus-'));
  await writeFile(join(home, 'prometheus.yml'), config);
  const port = await findClosedPort();
  const child = spawn(
    'prometheus',
    [
      ...['--config.file', join(home, 'prometheus.yml')],
      ...['--storage.tsdb.path', join(home, 'data')],
      ...['--web.listen-address', `127.0.0.1:${port}`],
      ...['--log.level', 'error'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const url = `http://127.0.0.1:${port}`;
  const running: RunningPrometheus = {
    async query(expression) {
      const path = `query?query=${encodeURIComponent(expression)}`;
      const { result } = (await ask(url, path)) as { result: Sample[] };
      return result;
    },
    metadata: () => ask(url, 'metadata') as ReturnType<RunningPrometheus['metadata']>,
    async stop() {
      await end(child);
      await rm(home, { recursive: true });
    },
  };
  await until('prometheus to be ready', async () => {
    if (child.exitCode !== null) throw new Error(`expected prometheus to start, got ${output}`);
    return fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  return running;
}

async function ask(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${path}`);
  const { status, data, error } = (await response.json()) as Record<string, unknown>;
  if (status !== 'success') throw new Error(`${path}: ${error}`);
  return data;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'close');
  child.kill();
  await ended;
}
