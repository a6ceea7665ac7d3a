import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const require = createRequire(import.meta.url);

const host = '127.0.0.1';
const account = 'devstoreaccount1';
/** The account key that every storage emulator has (Azurite: "Default storage account"). */
const accountKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** It is usually ready after 2 s; a loaded machine may take many times as long. */
const startTimeoutMs = 30_000;
const probeIntervalMs = 50;
const maxPorts = 5;
/** Limit of the output that is kept for an error message. */
const maxOutputChars = 4_000;

/**
 * Runs Azurite so that it cannot outlive its parent: the pipe of its standard input closes when the
 * parent ends, even by SIGKILL. Its rows and blobs are in memory, so it may end at once.
 */
const wrapper = `
  process.stdin.on('end', () => process.exit()).on('error', () => process.exit()).resume();
  require(process.argv[1]);
`;

/** A storage emulator that belongs to this process. */
export interface EmbeddedAzurite {
  /** For `SNAPSHOT_STORAGE`: its tables and blobs. */
  connectionString: string;
  /** Of its tables, on 127.0.0.1. */
  port: number;
  /** Ends it and resolves once it has ended; its rows and blobs are lost. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts the storage emulator on loopback, with its rows and blobs in memory. It ends with this
 * process at the latest.
 *
 * @param options.port a fixed port of its tables; by default a free one
 * @throws Error with the emulator's own output when it ends before it answers, or is not installed
 */
export async function startAzurite(options: { port?: number } = {}): Promise<EmbeddedAzurite> {
  for (let portsTried = 1; ; portsTried++) {
    const port = options.port ?? (await findFreePort());
    try {
      return await startOn({ table: port, blob: await findFreePort() });
    } catch (error) {
      // Another process took the port after it was found to be free.
      const isTaken = error instanceof Error && error.message.includes('EADDRINUSE');
      if (!isTaken || options.port !== undefined || portsTried === maxPorts) throw error;
    }
  }
}

interface Ports {
  table: number;
  blob: number;
}

async function startOn(ports: Ports): Promise<EmbeddedAzurite> {
  const child = spawn(
    process.execPath,
    [
      '--eval',
      wrapper,
      '--',
      mainFile(),
      ...['--tableHost', host, '--tablePort', String(ports.table)],
      ...['--blobHost', host, '--blobPort', String(ports.blob)],
      // Not used, but a part of it.
      ...['--queueHost', host, '--queuePort', '0'],
      ...['--silent', '--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'],
    ],
    // In a process group of its own: Ctrl-C in a terminal goes to the whole group, and a run that
    // ends in order still has rows to write.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true },
  );
  // Its end is noticed by 'exit'; an EPIPE of the pipe adds nothing.
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit');
  const output = collectOutput(child);
  try {
    await untilReady(child, ports, output);
  } catch (error) {
    await end(child, exited);
    throw new Error(
      `expected the storage emulator to answer on ${host}:${ports.table}, got: ${output() || 'no output'}`,
      { cause: error },
    );
  }
  const stop = () => end(child, exited);
  return { connectionString: connectionStringOf(ports), port: ports.table, stop };
}

function connectionStringOf({ table, blob }: Ports): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${accountKey}`,
    `TableEndpoint=http://${host}:${table}/${account}`,
    `BlobEndpoint=http://${host}:${blob}/${account}`,
  ].join(';');
}

/** Azurite has no exports, so its entry file is resolved by path. */
function mainFile(): string {
  try {
    return require.resolve('azurite/dist/src/azurite.js');
  } catch (error) {
    throw new Error('expected the package azurite to be installed (npm install)', { cause: error });
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}

/** Keeps the last of its output; reading it also keeps the pipes from filling up. */
function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-maxOutputChars);
    });
  }
  return () => text.trim();
}

/**
 * Resolves once the emulator answers. It is asked only after its output says that it has started:
 * until then another process may answer on the port.
 */
async function untilReady(child: ChildProcess, ports: Ports, output: () => string): Promise<void> {
  const ended = new AbortController();
  child.once('exit', (code, signal) => ended.abort(new Error(`ended with ${signal ?? code}`)));
  const giveUp = AbortSignal.any([ended.signal, AbortSignal.timeout(startTimeoutMs)]);
  for (;;) {
    giveUp.throwIfAborted();
    const isStarted = ['Blob', 'Table'].every((service) =>
      output().includes(`${service} service is successfully listening`),
    );
    const answering = [`${ports.table}/${account}/Tables`, `${ports.blob}/${account}?comp=list`];
    if (isStarted && (await areAnswered(answering, giveUp))) return;
    await delay(probeIntervalMs, undefined, { signal: giveUp });
  }
}

async function areAnswered(places: readonly string[], signal: AbortSignal): Promise<boolean> {
  try {
    for (const place of places) {
      const response = await fetch(`http://${host}:${place}`, { signal });
      await response.body?.cancel();
    }
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  // Its rows are in memory only, so nothing is lost by the signal that always works.
  child.kill('SIGKILL');
  await exited;
}
