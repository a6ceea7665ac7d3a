import type { InvocationContext } from '@azure/functions';
import { loadConfig, loadHttpConfig } from '../config/loadConfig.ts';
import { readHttpAccess } from '../config/registration.ts';
import { ConfigurationError } from '../errors.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import type { ApiServices } from '../http/apiServices.ts';
import { settingNamesIn } from '../http/settingNames.ts';
import { createFunctionEventLog } from '../telemetry/functionEventLog.ts';
import { quote, shorten } from '../text.ts';

/** What the routes need, as a function has it. */
export function servicesOf(context: InvocationContext): ApiServices {
  const events = createFunctionEventLog(context);
  const onUnreadable = ({ message }: Error) =>
    events.emit('snapshot.row.unreadable', { error: message });
  return {
    isAllowed: ({ header }) => isSignedIn(header('x-ms-client-principal')),
    openHistory: async () => ({ ...(await openOnce()), onUnreadable }),
    listBadSettings,
    onError: (error) => context.error(describeError(error)),
    now: () => Date.now(),
  };
}

/**
 * With a key, the host has checked the caller already. App Service names a signed-in caller by a
 * header, which it removes from other requests only while its authentication is on.
 */
function isSignedIn(clientPrincipal: string | undefined): boolean {
  const { httpAuth, isPlatformAuthEnabled } = readHttpAccess();
  return httpAuth === 'key' || (isPlatformAuthEnabled && Boolean(clientPrincipal?.trim()));
}

let opening: Promise<HistoryContext> | undefined;

/**
 * Once for the process, as connections are kept alive; after a failure the next call tries again.
 */
function openOnce(): Promise<HistoryContext> {
  opening ??= open().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open(): Promise<HistoryContext> {
  const config = loadHttpConfig();
  const { openHistory } = await import('./openTables.ts');
  return openHistory(config);
}

/** Those of the nightly run as well, so that the health shows them before the night. */
function listBadSettings(): string[] {
  try {
    loadConfig();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return settingNamesIn(error);
    throw error;
  }
}

const maxCauses = 5;
const longestMessage = 4_000;
const maxFrames = 10;

/**
 * An error with its stack and causes. Causes come mostly from libraries such as the SDK, whose
 * message can be a whole answer, so they are quoted shortly. Other properties are left out, as they
 * can hold a request with its token.
 */
export function describeError(error: unknown, causes = 0): string {
  if (!(error instanceof Error)) return quote(String(error));
  const { name, message, stack = '', cause } = error;
  const shown = causes === 0 ? shorten(message, longestMessage) : quote(message);
  const frames = stack.split('\n').filter((line) => /^ {4}at \S/.test(line));
  const own = [`${name}: ${shown}`, ...frames.slice(-maxFrames).map(quote)].join('\n');
  if (cause === undefined || causes === maxCauses) return own;
  return `${own}\ncaused by: ${describeError(cause, causes + 1)}`;
}
