import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `az` and `azd` on a PATH of their own: they write down how they were called, and know a tenant. */

export interface Call {
  command: 'az' | 'azd';
  args: string[];
  /** What a request sent, of `az rest`. */
  body?: unknown;
}

export interface HookEnd {
  exitCode: number;
  output: string;
  /** Of this hook alone. */
  calls: Call[];
}

export interface FakeCommands extends AsyncDisposable {
  /** The azd environment, as the hooks have left it. */
  values: Record<string, string>;
  /** Runs a script of scripts/hooks as azd does; `failAt` makes the first call fail that has it. */
  runHook(name: 'preprovision' | 'postprovision', failAt?: string): Promise<HookEnd>;
}

const hooks = new URL('../../../scripts/hooks/', import.meta.url);

/** What both programs are: one script, told apart by its first argument. */
const program = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
const [folder, command, ...args] = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const body = args.includes('--body') ? JSON.parse(readFileSync(after('--body').slice(1), 'utf8')) : undefined;
appendFileSync(folder + '/calls', JSON.stringify({ command, args, body }) + '\\n');
const failAt = process.env.FAKE_FAIL_AT;
if (failAt && args.join(' ').includes(failAt)) {
  console.error('Forbidden: Insufficient privileges to complete the operation.');
  process.exit(1);
}
if (args[0] === 'account') console.log(process.env.FAKE_TENANT);
if (args[0] === 'functionapp') console.log('westeurope\\nnortheurope');
if (args[0] === 'rest') {
  const file = folder + '/' + encodeURIComponent(after('--url'));
  const isThere = existsSync(file);
  if (after('--method') === 'get' && !isThere) process.exit(3);
  if (body) writeFileSync(file, JSON.stringify(body));
  // Microsoft Graph: only what is new comes back.
  if (after('--url').endsWith("')") && !after('--url').includes('Credentials') && (!isThere || !body)) {
    console.log('66666666-6666-6666-6666-666666666666');
  }
}
`;

export const tenantId = '44444444-4444-4444-4444-444444444444';

/**
 * @param initial the azd environment at the beginning
 * @param installed the programs that there are
 */
export async function createFakeCommands(
  initial: Record<string, string>,
  installed: readonly string[] = ['az', 'azd'],
): Promise<FakeCommands> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-commands-'));
  const programFile = join(folder, 'program.mjs');
  await writeFile(programFile, program);
  for (const command of installed) {
    const line = `"${process.execPath}" "${programFile}" "${folder}" ${command}`;
    await writeFile(join(folder, command), `#!/bin/sh\nexec ${line} "$@"\n`);
    await chmod(join(folder, command), 0o755);
    await writeFile(join(folder, `${command}.cmd`), `@${line} %*\r\n`);
  }
  const callsFile = join(folder, 'calls');
  const values = { ...initial };
  return {
    values,
    async runHook(name, failAt = '') {
      await writeFile(callsFile, '');
      const child = spawn(process.execPath, [fileURLToPath(new URL(`${name}.ts`, hooks))], {
        env: {
          // Nothing else: an `az` of the machine is not to be found.
          PATH: [folder, dirname(process.execPath), '/bin'].join(delimiter),
          SystemRoot: process.env['SystemRoot'],
          PATHEXT: process.env['PATHEXT'],
          FAKE_FAIL_AT: failAt,
          FAKE_TENANT: tenantId,
          ...values,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          output += text;
        });
      }
      const [exitCode] = await once(child, 'close');
      const lines = (await readFile(callsFile, 'utf8')).split('\n').filter(Boolean);
      const calls: Call[] = lines.map((line) => JSON.parse(line));
      for (const { command, args } of calls) {
        const [, , key = '', value = ''] = args;
        if (command === 'azd') values[key] = value;
      }
      return { exitCode, output, calls };
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}
