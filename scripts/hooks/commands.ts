import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';

/** The environment that azd gives to its hooks: all values of the azd environment. */
export type AzdEnvironment = Record<string, string | undefined>;

/**
 * Runs a program of the PATH without input, and resolves to what it printed, without white space
 * around it.
 *
 * @throws CommandError where it is missing, or ends with another exit code than 0
 */
export type RunCommand = (command: 'az' | 'azd', args: string[]) => string;

export class CommandError extends Error {
  /** Whether there is no such program. */
  readonly isMissing: boolean;

  constructor(message: string, isMissing: boolean) {
    super(message);
    this.name = 'CommandError';
    this.isMissing = isMissing;
  }
}

export const runCommand: RunCommand = (command, args) => {
  const { status, error, stdout, stderr } = spawn(command, args);
  // A shell reports a missing program by an exit code: 9009 on Windows.
  if (error || status === 9009) {
    throw new CommandError(`\`${command}\` cannot be run: is it installed?`, true);
  }
  if (status !== 0) {
    const what = [command, ...args.slice(0, 2)].join(' ');
    throw new CommandError(`\`${what}\` ended with exit code ${status}: ${stderr.trim()}`, false);
  }
  return stdout.trim();
};

function spawn(command: string, args: string[]) {
  const options: SpawnSyncOptionsWithStringEncoding = {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  if (process.platform !== 'win32') return spawnSync(command, args, options);
  // There `az` is a batch file, which Node.js runs by a shell alone.
  const line = [command, ...args].map((word) => `"${word}"`).join(' ');
  return spawnSync(line, { ...options, shell: true });
}

/** Keeps a value in the azd environment; later hooks and deployments see it. */
export function setValue(
  { env, run }: { env: AzdEnvironment; run: RunCommand },
  name: string,
  value: string,
): void {
  const environment = requireValue(env, 'AZURE_ENV_NAME');
  run('azd', ['env', 'set', name, value, '--environment', environment]);
}

/**
 * A value that azd or an earlier deployment has put into the environment.
 *
 * @throws Error where it is missing
 */
export function requireValue(env: AzdEnvironment, name: string): string {
  const value = env[name];
  if (!value) {
    throw new Error(`${name} is not in the azd environment: run "azd up", which puts it there.`);
  }
  return value;
}
