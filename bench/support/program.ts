import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The output and the measurements of a program that ran to its end. */
export interface ProgramEnd {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** From before its start until after its end. */
  wallMs: number;
  /** Peak memory, in bytes. */
  peakBytes: number;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

const reportPeak = new URL('reportPeak.ts', import.meta.url).href;

/** Runs a program of Node.js; of our environment it gets `PATH` alone. */
export async function runProgram(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ProgramEnd> {
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--import', reportPeak, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [stdout, printed] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const [exitCode] = await ended;
  const [, stderr = printed, kibibytes] = /^(.*)\npeak (\d+) KiB\n$/s.exec(printed) ?? [];
  const peakBytes = Number(kibibytes) * 1024;
  return { exitCode, stdout, stderr, wallMs: performance.now() - startMs, peakBytes };
}

/** A program that has to end well and to print a document of JSON. */
export async function runForJson<Result>(
  args: readonly string[],
  env?: Record<string, string>,
): Promise<ProgramEnd & { result: Result }> {
  const end = await runProgram(args, env);
  if (end.exitCode === 0) return { ...end, result: JSON.parse(end.stdout) as Result };
  throw new Error(`${args.join(' ')}: expected exit code 0, got ${end.exitCode}: ${end.stderr}`);
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
