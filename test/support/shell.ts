import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Our settings in the environment of a POSIX shell after a line, which runs in a folder. */
export async function settingsAfter(line: string, cwd: string): Promise<Record<string, string>> {
  const print = `"${process.execPath}" -p "JSON.stringify(process.env)"`;
  const env = { PATH: process.env['PATH'] };
  const options = { cwd, env, timeout: 60_000 };
  const { stdout } = await promisify(execFile)('bash', ['-c', `${line}; ${print}`], options);
  const entries = Object.entries(JSON.parse(stdout) as Record<string, string>);
  return Object.fromEntries(entries.filter(([name]) => /^(SNAPSHOT|PARTNER)_/.test(name)));
}
