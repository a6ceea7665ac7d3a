import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startSimulatorServer } from '../../src/simulator/server.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';

const mainFile = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Half of a short command's time is the compiling of the packages it loads. */
const compileCache = fileURLToPath(
  new URL('../../node_modules/.cache/compile-cache', import.meta.url),
);

/** A command line that takes longer hangs, and is ended: before the time for a test is over. */
const defaultLongestRunMs = 25_000;
const pollIntervalMs = 20;

/** The account key that every storage emulator has. */
const emulatorKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const clientSecret = 'q8Q~the.secret-of_the~app';
const clientId = '5f0c1f0e-8e0b-4b0a-9a3c-2f6f0c7d9b11';

export interface CommandLineEnd {
  /** `null` where a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommandLine {
  pid: number;
  /** So far. */
  stdout(): string;
  /** So far. */
  stderr(): string;
  ended: Promise<CommandLineEnd>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once stdout and stderr together hold it; rejects where it ends before. */
  untilPrinted(pattern: RegExp): Promise<void>;
}

/** Everything that any of this file's command lines printed. */
export const printed: string[] = [];
/** What none of them may print: secret settings, and every token that was given out. */
export const secrets = new Set([emulatorKey, clientSecret]);

const running = new Set<ChildProcess>();

/** Starts the command line as a process of its own; nothing of our environment is handed on. */
export function startCommandLine(
  args: readonly string[],
  env: Record<string, string> = {},
  { longestRunMs = defaultLongestRunMs }: { longestRunMs?: number } = {},
): RunningCommandLine {
  const child = spawn(process.execPath, [mainFile, ...args], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const describe = () => `\`${args.join(' ')}\`, which printed:\n${output.stdout}${output.stderr}`;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, longestRunMs);
  const ended = once(child, 'close').then(([exitCode]: (number | null)[]): CommandLineEnd => {
    clearTimeout(timer);
    running.delete(child);
    printed.push(output.stdout, output.stderr);
    if (isLate) throw new Error(`expected an end within ${longestRunMs} ms of ${describe()}`);
    return { exitCode: exitCode ?? null, ...output };
  });
  // Whoever does not wait for the end gets no unhandled rejection of it.
  ended.catch(() => {});
  return {
    pid: child.pid ?? 0,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    kill: (signal) => child.kill(signal),
    untilPrinted: (pattern) =>
      until(
        `${pattern} in the output of \`${args.join(' ')}\``,
        () => {
          if (pattern.test(output.stdout + output.stderr)) return true;
          if (running.has(child)) return false;
          throw new Error(`expected ${pattern} before the end of ${describe()}`);
        },
        longestRunMs,
      ),
  };
}

/** Runs the command line to its end. */
export function runCommandLine(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandLineEnd> {
  return startCommandLine(args, env).ended;
}

export interface TestPartner {
  simulator: Simulator;
  /** All settings, with a table prefix of their own. */
  settings: Record<string, string>;
}

const partners: { close(): Promise<void> }[] = [];

/**
 * A simulated Partner Center over HTTP, and the settings to use it. It takes no other app and
 * secret than theirs. The refresh token is kept in a file, as on one machine.
 *
 * @param storage a connection string; by default one at which nobody answers
 */
export async function startPartner(
  options: SimulatorOptions = {},
  storage?: string,
): Promise<TestPartner> {
  const simulator = new ObservedSimulator({
    ...options,
    signIn: { clientId, clientSecret, ...options.signIn },
  });
  secrets.add(simulator.refreshToken);
  const server = await startSimulatorServer(simulator);
  const folder = await mkdtemp(join(tmpdir(), 'command-line-'));
  partners.push(server, { close: () => rm(folder, { recursive: true }) });
  return {
    simulator,
    settings: {
      PARTNER_CENTER_BASE_URL: server.url,
      PARTNER_CENTER_AUTHORITY_HOST: server.url,
      PARTNER_CENTER_TENANT_ID: simulator.partnerTenantId,
      PARTNER_CENTER_CLIENT_ID: clientId,
      PARTNER_CENTER_CLIENT_SECRET: clientSecret,
      PARTNER_CENTER_REFRESH_TOKEN: simulator.refreshToken,
      PARTNER_CENTER_REFRESH_TOKEN_FILE: join(folder, 'refreshToken'),
      SNAPSHOT_STORAGE: storage ?? storageAt(await findClosedPort()),
      SNAPSHOT_TABLE_PREFIX: newTablePrefix(),
    },
  };
}

/** Ends the simulators, and whatever command line a failed test has left behind. */
export async function endAll(): Promise<void> {
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(partners.splice(0).map((partner) => partner.close()));
}

/** A prefix that no other test has. */
export function newTablePrefix(): string {
  return `t${randomUUID().replaceAll('-', '').slice(0, 19)}`;
}

/** A connection string of the emulator's account at a port. */
export function storageAt(port: number): string {
  const endpoint = `http://127.0.0.1:${port}/devstoreaccount1`;
  return `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${emulatorKey};TableEndpoint=${endpoint}`;
}

/** A port at which nobody listens. */
export async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}

/** Whether nobody listens at a port. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  const outcome = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).once('listening', () => resolve(true));
  });
  server.listen(port, '127.0.0.1');
  const isFree = await outcome;
  if (isFree) {
    server.close();
    await once(server, 'close');
  }
  return isFree;
}

/** Asks again and again, up to a bound. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  longestMs = defaultLongestRunMs,
): Promise<void> {
  for (let attempt = 0; attempt * pollIntervalMs < longestMs; attempt++) {
    if (await holds()) return;
    await delay(pollIntervalMs);
  }
  throw new Error(`expected ${what}`);
}

/** Remembers every token it gives out as a secret. */
class ObservedSimulator extends Simulator {
  override handle(request: Parameters<Simulator['handle']>[0]) {
    const answer = super.handle(request);
    for (const [, token] of answer.body.toString().matchAll(/"\w+_token":"([^"]+)"/g)) {
      if (token !== undefined) secrets.add(token);
    }
    return answer;
  }
}
