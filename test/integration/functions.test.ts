import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Registration {
  name: string;
  bindings: Record<string, { type: string; schedule?: string; direction: string }>;
}

/**
 * Loads what `main` in package.json names as the Node.js worker of Azure Functions does: it hands
 * out a core of its own where `@azure/functions-core` is required, and imports each file.
 */
const worker = `
  const Module = require('node:module');
  const { globSync } = require('node:fs');
  const { join } = require('node:path');
  const { pathToFileURL } = require('node:url');
  const registered = [];
  const core = {
    version: '4.0.0', hostVersion: '4.0.0',
    Disposable: class { dispose() {} },
    registerFunction(metadata) {
      registered.push({ name: metadata.name, bindings: metadata.bindings });
      return { dispose() {} };
    },
    registerHook: () => ({ dispose() {} }),
    setProgrammingModel() {},
    getProgrammingModel() {},
  };
  const load = Module.prototype.require;
  Module.prototype.require = function (id) {
    return id === '@azure/functions-core' ? core : load.call(this, id);
  };
  (async () => {
    const main = require(join(process.cwd(), 'package.json')).main;
    for (const file of globSync(main)) await import(pathToFileURL(join(process.cwd(), file)).href);
    process.stdout.write(JSON.stringify(registered));
  })();
`;

function register(env: Record<string, string> = {}): Registration[] {
  const output = execFileSync(process.execPath, ['--eval', worker], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

function schedulesOf(registrations: Registration[]): Record<string, string | undefined> {
  return Object.fromEntries(
    registrations.map(({ name, bindings }) => [
      name,
      Object.values(bindings).find(({ type }) => type === 'timerTrigger')?.schedule,
    ]),
  );
}

describe('the built app', () => {
  beforeAll(() => {
    if (!existsSync(`${root}/dist/functions`)) {
      throw new Error('expected dist/functions, got none: run `npm run build` first');
    }
  });

  it('registers its timers with their default schedules where no setting is given', () => {
    expect(schedulesOf(register())).toEqual({
      nightlySnapshot: '0 30 2 * * *',
      catchUpSnapshot: '0 0 4-23 * * *',
    });
  });

  it('registers the schedules that are set', () => {
    const env = {
      SNAPSHOT_SCHEDULE: '0 15 3 * * *',
      SNAPSHOT_CATCH_UP_SCHEDULE: '0 */30 4-23 * * *',
    };
    expect(schedulesOf(register(env))).toEqual({
      nightlySnapshot: '0 15 3 * * *',
      catchUpSnapshot: '0 */30 4-23 * * *',
    });
  });

  it('registers whatever the settings hold', () => {
    const env = {
      SNAPSHOT_SCHEDULE: 'every night',
      SNAPSHOT_STORAGE: 'nonsense',
      PARTNER_CENTER_CLOUD: 'china',
    };
    expect(schedulesOf(register(env))).toMatchObject({ nightlySnapshot: '0 30 2 * * *' });
  });
});

describe('host.json', () => {
  const host = JSON.parse(readFileSync(`${root}/host.json`, 'utf8'));

  it('leaves a run at least 10 minutes beyond the longest deadline', () => {
    const [hours, minutes, seconds] = host.functionTimeout.split(':').map(Number);
    expect(hours * 60 + minutes + seconds / 60).toBeGreaterThanOrEqual(65 + 10);
  });

  it('never lets sampling drop a line of ours, and lets information through', () => {
    const { samplingSettings } = host.logging.applicationInsights;
    expect(samplingSettings.excludedTypes.split(';')).toEqual(['Request', 'Trace', 'Exception']);
    expect(host.logging.logLevel.Function).toBe('Information');
  });
});
