import { type App, createApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { type Config, loadConfig } from '../config.ts';
import { ConfigurationError, messageOf, RequestError } from '../errors.ts';
import { utcDateOf } from '../usage/date.ts';
import { createTerminalEventLog } from './eventLines.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';
import { untilTerminated } from './termination.ts';

interface Check {
  name: string;
  isOk: boolean;
  /** What was found, or what is wrong and how it is cured. */
  finding: string;
}

/** Checks settings, sign-in, the right to each call and the tables: a line each, with the cure. */
export async function doctor(options: { json?: boolean }): Promise<ExitCode> {
  const checks: Check[] = [];
  const note = (check: Check) => {
    checks.push(check);
    if (!options.json) print(`${check.isOk ? 'ok ' : 'BAD'}  ${check.name}: ${check.finding}`);
  };
  const config = readConfig(note);
  if (config) {
    const app = createApp(config, createTerminalEventLog());
    try {
      await untilTerminated((signal) => examine(app, note, signal));
    } finally {
      await app.close();
    }
  }
  if (options.json) printJson(checks);
  if (!config) return exitCodes.badUsage;
  return checks.every(({ isOk }) => isOk) ? exitCodes.done : exitCodes.failed;
}

type Note = (check: Check) => void;

function readConfig(note: Note): Config | undefined {
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

async function examine(app: App, note: Note, signal: AbortSignal): Promise<void> {
  /** Runs a check; `undefined` where it failed. */
  const check = async <T>(
    name: string,
    work: () => Promise<T>,
    describe: (result: T) => string,
    cure?: string,
  ): Promise<T | undefined> => {
    try {
      const result = await work();
      note({ name, isOk: true, finding: describe(result) });
      return result;
    } catch (error) {
      signal.throwIfAborted();
      const finding = [messageOf(error), ...(cure === undefined ? [] : [cure])].join('; ');
      note({ name, isOk: false, finding });
      return undefined;
    }
  };
  await check('refresh token', () => app.refreshTokenStore.get(), describeAge);
  const token = await check('sign-in', () => app.credential.getToken(signal), describeToken);
  if (token !== undefined) await examineCalls(app, check, note, signal);
  await check(
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
}

type RunCheck = <T>(
  name: string,
  work: () => Promise<T>,
  describe: (result: T) => string,
) => Promise<T | undefined>;

async function examineCalls(
  app: App,
  check: RunCheck,
  note: Note,
  signal: AbortSignal,
): Promise<void> {
  const partnerCenter = app.connect(signal);
  const mfa = await askMfaCompliance(partnerCenter);
  await check(
    'customers',
    async () => {
      if (mfa.error !== undefined) throw mfa.error;
    },
    () => 'can be listed',
  );
  if (mfa.error === undefined || mfa.isCompliant === false) {
    note({
      name: 'multi-factor authentication',
      isOk: mfa.isCompliant !== false,
      finding: describeMfa(mfa.isCompliant),
    });
  }
  const record = await check(
    'customers/usagerecords',
    () => firstOf(partnerCenter.listCustomerUsageRecords()),
    (found) => (found ? 'can be read' : 'can be read, and names no customer'),
  );
  if (!record) return;
  const { customerId } = record;
  await check(
    'customers/{id}/usagesummary',
    () => partnerCenter.getCustomerUsageSummary(customerId),
    () => `can be read (${customerId})`,
  );
  const subscription = await check(
    'customers/{id}/subscriptions/usagerecords',
    () => firstOf(partnerCenter.listSubscriptionUsageRecords(customerId)),
    (found) => (found ? 'can be read' : 'can be read, and names no subscription'),
  );
  if (!subscription) return;
  await check(
    'customers/{id}/subscriptions/{id}/usagesummary',
    () => partnerCenter.getSubscriptionUsageSummary(customerId, subscription.subscription.id),
    () => `can be read (${subscription.subscription.id})`,
  );
}

/** Partner Center: error codes; the token has no claim of multi-factor authentication. */
const mfaMissingCode = '900421';

/** What Partner Center makes of the sign-in. Where it refuses it for that reason, it has said so. */
async function askMfaCompliance(
  partnerCenter: ReturnType<App['connect']>,
): Promise<{ isCompliant?: boolean | undefined; error?: unknown }> {
  try {
    return { isCompliant: await partnerCenter.getMfaCompliance() };
  } catch (error) {
    const isMissing = error instanceof RequestError && error.code === mfaMissingCode;
    return { error, ...(isMissing && { isCompliant: false }) };
  }
}

async function firstOf<T>(pages: AsyncIterable<T[]>): Promise<T | undefined> {
  for await (const [first] of pages) if (first !== undefined) return first;
  return undefined;
}

/** A snapshot replaces the token each time it signs in: an old one means that this fails. */
const oldAgeDays = 60;

function describeAge(stored: { storedAt?: number | undefined } | undefined): string {
  if (!stored) throw new Error('none is stored: sign in with `usage-snapshots login`');
  if (stored.storedAt === undefined) return 'set by hand, of unknown age; rotation is lost';
  const days = Math.floor((systemClock.now() - stored.storedAt) / 86_400_000);
  if (days < oldAgeDays) return `stored ${days} days ago; it dies after 90 without use`;
  throw new Error(
    `stored ${days} days ago and not replaced since; it dies after 90: see that snapshots run and ` +
      'can store it, or sign in again with `usage-snapshots login`',
  );
}

/** Reads `amr` of a token, where it is a JWT that has one; Partner Center's own word counts more. */
function describeToken(token: string): string {
  try {
    const [, payload = ''] = token.split('.');
    const { amr } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (Array.isArray(amr)) return `gives an access token (amr: ${amr.join(', ')})`;
  } catch {
    // An access token is its reader's business: one that is no JWT is as good.
  }
  return 'gives an access token';
}

function describeMfa(isCompliant: boolean | undefined): string {
  if (isCompliant === undefined) return 'Partner Center does not say; its calls tell';
  if (isCompliant) return 'Partner Center takes the sign-in for compliant';
  return 'missing: sign the service user in again with MFA (`usage-snapshots login`)';
}
