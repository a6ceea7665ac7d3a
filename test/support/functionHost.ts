import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Binding {
  type: string;
  direction: string;
  schedule?: string;
  authLevel?: string;
  route?: string;
  methods?: string[];
}

export interface Registration {
  name: string;
  bindings: Record<string, Binding>;
}

/** A timer that is due. */
export interface TimerCall {
  name: string;
  timer: { isPastDue: boolean };
  /** Whether the host goes while it runs. */
  isTerminated: boolean;
}

/** What the worker does beside its call. */
export interface Calls {
  timer?: TimerCall;
  requests?: HttpCall[];
  /** Whether it listens to SIGTERM itself, and then passes on that the host goes. */
  isListening?: boolean;
}

/** A request that the host has routed to a function. */
export interface HttpCall {
  name: string;
  /** With the query. */
  path: string;
  method?: string;
  headers?: Record<string, string>;
}

export interface HostAnswer {
  registered: Registration[];
  /** When the last file was loaded, in milliseconds since 1970. */
  registeredAtMs: number;
  /** What the invoked functions logged: level and line. */
  lines: [level: string, line: string][];
  failure?: string;
  answers: { status: number; headers: Record<string, string>; text: string }[];
}

/**
 * Loads what `main` in package.json names as the Node.js worker of Azure Functions does: it hands
 * out a core of its own where `@azure/functions-core` is required, and imports each file.
 *
 * Requests go the way that the host takes with HTTP streaming: to the server that the library opens
 * in the worker, while the invocation of the same id comes by itself.
 */
const worker = `
  const Module = require('node:module');
  const { globSync } = require('node:fs');
  const { join } = require('node:path');
  const { pathToFileURL } = require('node:url');
  const main = require(join(process.cwd(), 'package.json')).main;
  // Of '--eval' alone: in a worker, ES modules have none.
  delete globalThis.require;
  const registered = [];
  const functions = {};
  const hooks = {};
  const lines = [];
  // At once to stderr: whoever ends the process by a signal reads it there.
  const note = (level, line) => {
    lines.push([level, line]);
    process.stderr.write(JSON.stringify([level, line]) + '\\n');
  };
  const answers = [];
  let model;
  let failure;
  const core = {
    version: '4.0.0', hostVersion: '4.0.0',
    Disposable: class { dispose() {} },
    log() {},
    registerFunction(metadata, handler) {
      registered.push({ name: metadata.name, bindings: metadata.bindings });
      functions[metadata.name] = { metadata, handler };
      return { dispose() {} };
    },
    registerHook(name, callback) {
      hooks[name] = callback;
      return { dispose() {} };
    },
    setProgrammingModel(set) { model = set; },
    getProgrammingModel() { return model; },
  };
  const load = Module.prototype.require;
  Module.prototype.require = function (id) {
    return id === '@azure/functions-core' ? core : load.call(this, id);
  };

  async function callTimer({ name, timer, isTerminated }) {
    const context = Object.fromEntries(
      ['info', 'warn', 'error'].map((level) => [level, (line) => note(level, line)]),
    );
    const invocation = functions[name].handler(timer, context).catch((error) => {
      failure = error.message;
    });
    if (isTerminated) {
      await hooks.appTerminate({});
      note('info', JSON.stringify({ event: 'host has terminated' }));
    }
    await invocation;
  }

  async function callHttp(server, { name, path, method = 'GET', headers = {} }, index) {
    const { metadata, handler } = functions[name];
    const invocationId = 'invocation-' + index;
    const ofHost = {
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': 'acme.azurewebsites.net',
      'x-forwarded-proto': 'https',
    };
    const url = server.replace(/\\/$/, '') + path;
    const ofCaller = { method, headers: { ...headers, ...ofHost }, redirect: 'manual' };
    const answering = fetch(url, ofCaller);
    const trigger = Object.keys(metadata.bindings).find((key) => key !== '$return');
    const invocation = model.getInvocationModel({
      invocationId,
      metadata,
      request: {
        triggerMetadata: { Headers: { json: JSON.stringify(headers) } },
        inputData: [{ name: trigger, data: {} }],
      },
      log: (level, _category, line) => note(level, line),
    });
    const { context, inputs } = await invocation.getArguments();
    const result = await invocation.invokeFunction(context, inputs, handler);
    await invocation.getResponse(context, result);
    const answer = await answering;
    const text = await answer.text();
    answers.push({ status: answer.status, headers: Object.fromEntries(answer.headers), text });
  }

  (async () => {
    for (const file of globSync(main)) await import(pathToFileURL(join(process.cwd(), file)).href);
    const registeredAtMs = performance.timeOrigin + performance.now();
    const { timer, requests = [], isListening } = JSON.parse(process.env.CALLS);
    if (isListening) {
      process.once('SIGTERM', async () => {
        await hooks.appTerminate({});
        note('info', JSON.stringify({ event: 'worker has listened' }));
      });
    }
    if (timer) await callTimer(timer);
    if (requests.length > 0) {
      const { HttpUri } = await model.getCapabilities({});
      for (const [index, request] of requests.entries()) await callHttp(HttpUri, request, index);
    }
    const text = JSON.stringify({ registered, registeredAtMs, lines, failure, answers });
    process.stdout.write(text, () => process.exit());
  })();
`;

/**
 * Loads the built app, or the one in `folder`, in a process of its own, with these settings alone,
 * and calls it.
 */
export async function loadFunctions(
  env: Record<string, string> = {},
  calls: Calls = {},
  folder = root,
): Promise<HostAnswer> {
  checkBuilt(folder);
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', worker], {
    ...optionsOf(env, calls, folder),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as HostAnswer;
}

/** A worker that is at its call, and can be sent a signal. */
export interface RunningFunctions {
  kill(signal: NodeJS.Signals): void;
  /** How it ended, and what its functions had logged until then. */
  ended: Promise<{
    exitCode: number | null;
    signal: NodeJS.Signals | null;
    lines: HostAnswer['lines'];
  }>;
}

/** The same without waiting for its end. */
export function startFunctions(env: Record<string, string>, calls: Calls): RunningFunctions {
  checkBuilt(root);
  const child = spawn(process.execPath, ['--eval', worker], {
    ...optionsOf(env, calls, root),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let logged = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logged += text;
  });
  const ended = once(child, 'close').then(([exitCode, signal]) => ({
    exitCode,
    signal,
    // Node.js may warn there, too.
    lines: logged.split('\n').flatMap((line) => (line.startsWith('[') ? [JSON.parse(line)] : [])),
  }));
  return { kill: (signal) => child.kill(signal), ended };
}

function checkBuilt(folder: string): void {
  if (folder !== root || existsSync(`${root}/dist/functions`)) return;
  throw new Error('expected dist/functions, got none: run `npm run build` first');
}

function optionsOf(env: Record<string, string>, calls: Calls, folder: string) {
  const all = { PATH: process.env['PATH'], ...env, CALLS: JSON.stringify(calls) };
  return { cwd: folder, env: all };
}
