import { type App, createApp, type RefreshTokenFinding } from '../app/app.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import { readAccessToken } from '../sign-in/accessToken.ts';
import { quote } from '../text.ts';
import { utcDateOf } from '../usage/date.ts';
import { examineCalls } from './doctorCalls.ts';
import { createTerminalEventLog } from './eventLines.ts';
import { type Check, Examination } from './examination.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';
import { untilTerminated } from './termination.ts';

/** Checks settings, sign-in, the right to each call, tables and blobs: a line each, with the cure. */
export async function doctor(options: { json?: boolean }): Promise<ExitCode> {
  const checks: Check[] = [];
  const note = (check: Check) => {
    checks.push(check);
    if (!options.json) print(`${wordOf(check)}  ${check.name}: ${check.finding}`);
  };
  const config = readConfig(note);
  if (config) {
    const app = createApp(config, createTerminalEventLog(), systemClock, { givesUpEarly: true });
    try {
      await untilTerminated((signal) => examine(app, config, new Examination(note, signal)));
    } finally {
      await app.close();
    }
  }
  if (options.json) printJson(checks);
  if (!config) return exitCodes.badUsage;
  return checks.some(({ isOk }) => isOk === false) ? exitCodes.failed : exitCodes.done;
}

function wordOf({ isOk }: Check): string {
  if (isOk === null) return '-- ';
  return isOk ? 'ok ' : 'BAD';
}

function readConfig(note: (check: Check) => void): Config | undefined {
  try {
    const config = loadConfig();
    note({
      name: 'settings',
      isOk: true,
      finding: `all can be read, ${config.partnerCenter.cloud} cloud`,
    });
    return config;
  } catch (error) {
    const problems = error instanceof ConfigurationError ? error.problems : [messageOf(error)];
    for (const finding of problems) note({ name: 'settings', isOk: false, finding });
    return undefined;
  }
}

async function examine(app: App, config: Config, examination: Examination): Promise<void> {
  const { signal } = examination;
  const isKept = config.partnerCenter.refreshToken.kind !== 'environment';
  await examination.check(
    'refresh token',
    () => app.inspectRefreshToken(),
    (token) => describeRefreshToken(token, isKept),
  );
  const token = await examination.check(
    'sign-in',
    () => app.credential.getToken(signal),
    describeAccessToken,
  );
  await examineCalls(token === undefined ? undefined : app.connect(signal), examination);
  await examination.check(
    'tables',
    async () => {
      await app.stores.ensureTables();
      const date = utcDateOf(systemClock.now());
      return Array.fromAsync(app.stores.snapshotRuns.list({ from: date, to: date }));
    },
    (runs) => `can be reached, ${runs.length} runs today`,
    'check SNAPSHOT_STORAGE, that this machine may reach it, and that the identity, where one is ' +
      'used, has the role Storage Table Data Contributor',
  );
  await examineBlobs(app, config, examination);
}

/** Checks that a night can keep the records below plans. */
async function examineBlobs(app: App, config: Config, examination: Examination): Promise<void> {
  const { depth } = config.snapshot;
  if (depth !== 'resources') {
    examination.skip(['blobs'], `SNAPSHOT_DEPTH is ${depth}, which keeps none`);
    return;
  }
  await examination.check(
    'blobs',
    () => app.stores.usageDetails.probe({ abortSignal: examination.signal }),
    () => 'can be written and deleted',
    'or set SNAPSHOT_DEPTH=off, to keep nothing below plans',
  );
}

const itsEnd = 'where no run replaces it, it dies 90 days after that, used or not';

/** @param isKept whether there is a place for the one that replaces it */
function describeRefreshToken(token: RefreshTokenFinding | undefined, isKept: boolean): string {
  if (!token) throw new Error('none is stored: sign in with `usage-snapshots login`');
  if (!isKept)
    return 'set by hand in PARTNER_CENTER_REFRESH_TOKEN, of unknown age; rotation is lost';
  if (token.isFromSettings) {
    return (
      'none is stored yet: PARTNER_CENTER_REFRESH_TOKEN is used, of unknown age, until the first ' +
      'sign-in stores its successor'
    );
  }
  if (!token.age) return `stored, the store does not know when; ${itsEnd}`;
  const days = Math.floor(token.age.days);
  if (!token.age.isOld) return `stored ${days} days ago; ${itsEnd}`;
  throw new Error(
    `stored ${days} days ago and not replaced since; it dies after 90, used or not: see that ` +
      'snapshots run and can store it, or sign in again with `usage-snapshots login`',
  );
}

function describeAccessToken(token: string): string {
  const { amr } = readAccessToken(token);
  return `gives an access token${amr ? ` (amr: ${quote(amr.join(', '))})` : ''}`;
}
