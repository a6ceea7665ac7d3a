import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { faultNames } from '../../src/simulator/faults.ts';
import { quirkNames } from '../../src/simulator/namedQuirks.ts';
import { endAll, printed, runCommandLine, secrets, startPartner } from '../support/commandLine.ts';

afterAll(endAll);

const commands = ['snapshot', 'usage', 'runs', 'alerts', 'doctor', 'simulate', 'demo'];
const someId = '44908a11-641b-4c53-b7fc-0f2bfca8a581';

describe('help', () => {
  it('names every command on stdout, with exit code 0', async () => {
    const { exitCode, stdout, stderr } = await runCommandLine(['--help']);
    expect(exitCode).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stderr).toBe('');
  });

  it('of a command names its options, and needs no settings', async () => {
    const { exitCode, stdout, stderr } = await runCommandLine(['snapshot', '--help']);
    expect(exitCode).toBe(0);
    for (const option of ['--force', '--customer <customer>', '--json'])
      expect(stdout).toContain(option);
    expect(stderr).toBe('');
  });
});

describe('the help of every command', () => {
  it('fits 80 columns, and that of the simulator has each fault and quirk', async () => {
    const { stdout } = await runCommandLine(['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(20);
    const helps = await Promise.all(
      names.map(async (name) => [name, (await runCommandLine(['help', name])).stdout] as const),
    );
    for (const [name, help] of [['', stdout] as const, ...helps]) {
      const widest = Math.max(...help.split('\n').map(({ length }) => length));
      expect(widest, name).toBeLessThanOrEqual(80);
    }
    const simulate = Object.fromEntries(helps)['simulate'];
    for (const word of [...faultNames, ...quirkNames]) {
      expect(simulate).toMatch(new RegExp(`^  ${word} +\\S`, 'm'));
    }
  });
});

describe('the installed command', () => {
  const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
  const runBin = (nodeVersion: string, ...args: string[]) => {
    const versions = JSON.stringify({ ...process.versions, node: nodeVersion });
    const old = `Object.defineProperty(process, 'versions', { value: ${versions} });`;
    const preload = `data:text/javascript,${encodeURIComponent(old)}`;
    return spawnSync(process.execPath, ['--import', preload, bin, ...args], { encoding: 'utf8' });
  };

  it('prints its version, which is that of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(runBin('22.19.0', '--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it.each(['18.20.8', '22.9.0'])('names the Node.js it needs, in one line, on %s', (version) => {
    expect(runBin(version, '--version')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `usage-snapshots needs Node.js 22.19 or later, got ${version}\n`,
    });
  });
});

describe('bad usage', () => {
  it.each<[what: string, args: string[], message: string]>([
    ['a command that is not known', ['remember'], "unknown command 'remember'"],
    ['an option that is not known', ['snapshot', '--gently'], "unknown option '--gently'"],
    ['an argument too many', ['doctor', 'please'], 'too many arguments'],
    ['an option without its value', ['runs', '--from'], 'argument missing'],
    ['a number that is none', ['simulate', '--customers', 'many'], 'got "many"'],
    ['a number out of range', ['simulate', '--port', '65536'], 'from 0 to 65535, got "65536"'],
    ['a negative number', ['simulate', '--seed', '-1'], 'got "-1"'],
    ['a date that is none', ['simulate', '--date', '2026-02-30'], 'got "2026-02-30"'],
    ['an id that is none', ['usage', someId, '--subscription', 'me'], 'a GUID, got "me"'],
    ['a customer that is none', ['snapshot', '--customer', ' '], 'a GUID, a name, a domain'],
    ['no customer of a subscription', ['usage', '--subscription', someId], 'expected a customer'],
  ])('%s ends with exit code 2 and says so on stderr alone', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await runCommandLine(args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('no command at all ends with exit code 2 and the help on stderr', async () => {
    const { exitCode, stdout, stderr } = await runCommandLine([]);
    expect(stderr).toContain('Usage: usage-snapshots');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});

describe('settings', () => {
  it.each([['snapshot'], ['usage'], ['snapshot --json']])(
    '%s lists every problem of the settings, a line each, with exit code 2',
    async (args) => {
      const { settings } = await startPartner();
      const pasted = 'DefaultEndpointsProtocol=https;AccountKey=cGFzdGVkLWhhbGY=';
      const clientSecret = 'zz8Q~a.secret-in-the-wrong_place';
      secrets.add(pasted).add('cGFzdGVkLWhhbGY=').add(clientSecret);
      const { exitCode, stdout, stderr } = await runCommandLine(args.split(' '), {
        ...settings,
        PARTNER_CENTER_CLOUD: 'china',
        PARTNER_CENTER_TENANT_ID: clientSecret,
        PARTNER_CENTER_CLIENT_ASSERTION: 'managed-identity',
        SNAPSHOT_STORAGE: pasted,
        SNAPSHOT_CONCURRENCY: '0',
      });
      const names = stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.split(':')[0]);
      expect(names.sort()).toEqual([
        'PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH, PARTNER_CENTER_CLIENT_ASSERTION',
        'PARTNER_CENTER_CLOUD',
        'PARTNER_CENTER_TENANT_ID',
        'SNAPSHOT_CONCURRENCY',
        'SNAPSHOT_STORAGE',
      ]);
      expect(stderr).toContain('21Vianet has no Azure usage API');
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
    },
  );
});

/** Runs the command line with its stdout connected to whatever a shell says. */
async function runInShell(redirection: string) {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const script = `"$0" "$1" --help ${redirection}`;
  const child = spawn('/bin/bash', ['-o', 'pipefail', '-c', script, process.execPath, main], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, stderr };
}

describe.skipIf(process.platform !== 'linux')('output (by bash and /dev/full of Linux)', () => {
  it('may be left by its reader: the command ends as it would have', async () => {
    expect(await runInShell('| true')).toEqual({ exitCode: 0, stderr: '' });
  });

  it('that cannot be written ends the command with exit code 1 and one line', async () => {
    const { exitCode, stderr } = await runInShell('> /dev/full');
    expect(stderr).toMatch(/^stdout: .*ENOSPC.*\n$/);
    expect(exitCode).toBe(1);
  });
});

describe('secrets', () => {
  it('are in no output of any of these calls', async () => {
    const { settings } = await startPartner();
    expect((await runCommandLine(['usage'], settings)).exitCode).toBe(0);
    expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
  });
});
