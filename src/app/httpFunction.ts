import type {
  HttpFunctionOptions,
  HttpMethod,
  HttpRequest,
  HttpResponseInit,
  InvocationContext,
} from '@azure/functions';
import { loadConfig, loadHttpConfig, readHttpAccess } from '../config/loadConfig.ts';
import { ConfigurationError } from '../errors.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import type { ApiServices } from '../http/apiServices.ts';
import { type RouteName, routePaths } from '../http/routePaths.ts';
import { settingNamesIn } from '../http/settingNames.ts';
import { createFunctionEventLog } from '../telemetry/functionEventLog.ts';
import { quote, shorten } from '../text.ts';

/**
 * All that a route can be asked by. The host answers 404 to a method that a function does not name
 * (azure-functions-host #10098), so that only the app can say 405. TRACE and CONNECT are none
 * that a handler can be given.
 */
const methods: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What the function of a route is registered with, whatever the settings hold. */
export function httpFunction(name: RouteName): HttpFunctionOptions {
  const { path, access } = routePaths[name];
  const needsKey = access === 'data' && readHttpAccess().httpAuth === 'key';
  return {
    route: path,
    methods,
    authLevel: needsKey ? 'function' : 'anonymous',
    handler: (request, context) => answer(name, request, context),
  };
}

async function answer(
  name: RouteName,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  // Loaded when asked: functions have to register fast.
  const { answerFunction } = await import('../http/functionAdapter.ts');
  return answerFunction(name, request, servicesOf(context));
}

function servicesOf(context: InvocationContext): ApiServices {
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
 * By key, the host has let in whoever comes here. Of who has signed in App Service tells by a
 * header, which it takes from everybody else while its authentication is on, and only then.
 */
function isSignedIn(clientPrincipal: string | undefined): boolean {
  const { httpAuth, isPlatformAuthEnabled } = readHttpAccess();
  return httpAuth === 'key' || (isPlatformAuthEnabled && Boolean(clientPrincipal?.trim()));
}

let opening: Promise<HistoryContext> | undefined;

/** Once for the process, as connections are kept; after a failure the next one tries again. */
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

/** Those of the nightly run too: whoever asks for the health wants to know before the night. */
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
 * What was thrown and where, and what caused it. A cause is mostly somebody else's, such as the
 * SDK's, whose message can be a whole answer. Other properties can hold a request, with its token.
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
