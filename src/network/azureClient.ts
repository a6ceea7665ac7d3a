import {
  createDefaultHttpClient,
  type HttpClient,
  type PipelineOptions,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { ProxyOf } from './proxy.ts';
import { limitTime } from './timeLimit.ts';

/** Options of every client of the Azure SDK. */
export interface AzureClientOptions {
  httpClient: HttpClient;
  proxyOptions: NonNullable<PipelineOptions['proxyOptions']>;
}

/** One for the process, like the SDK's own: clients share connections that are kept alive. */
const directClient = createDefaultHttpClient();

/**
 * Sends the requests of the Azure SDK by the same proxies as all others.
 *
 * @param options.timeoutMs longest time for one request; the SDK itself has no limit
 */
export function createAzureClientOptions({
  proxyOf,
  timeoutMs,
}: {
  proxyOf: ProxyOf;
  timeoutMs?: number;
}): AzureClientOptions {
  const agents = new Map<string, HttpsProxyAgent<string>>();
  const agentOf = (proxy: string) => {
    const agent = agents.get(proxy) ?? createAgent(proxy);
    agents.set(proxy, agent);
    return agent;
  };
  return {
    httpClient: {
      sendRequest(request) {
        const proxy = proxyOf(new URL(request.url));
        if (proxy !== undefined) request.agent = agentOf(proxy);
        else if (request.agent !== undefined) delete request.agent;
        return timeoutMs === undefined
          ? directClient.sendRequest(request)
          : sendWithin(timeoutMs, request);
      },
    },
    // With a proxy given, the SDK does not read the environment, where an invalid URL would make it
    // throw. This value is not used: the client above decides.
    proxyOptions: { host: 'http://proxy.invalid', port: 80 },
  };
}

/** For credentials, which ignore signals and have no time limit of their own. */
export function createIdentityOptions(proxyOf: ProxyOf): AzureClientOptions {
  return createAzureClientOptions({ proxyOf, timeoutMs: identityTimeoutMs });
}

const identityTimeoutMs = 30_000;

/** The SDK's own time-out keeps its timer where a request fails, which keeps the process alive. */
async function sendWithin(timeoutMs: number, request: PipelineRequest): Promise<PipelineResponse> {
  const callerSignal = request.abortSignal;
  const limit = limitTime(request, timeoutMs);
  try {
    return await Promise.race([directClient.sendRequest(request), limit.ended]);
  } finally {
    limit.release();
    if (callerSignal) request.abortSignal = callerSignal;
    else delete request.abortSignal;
  }
}

/** Otherwise the answer of a proxy that opens no tunnel would be taken for the service's. */
function createAgent(proxy: string): HttpsProxyAgent<string> {
  const agent = new HttpsProxyAgent(proxy, { keepAlive: true });
  agent.on('proxyConnect', ({ statusCode }, request) => {
    if (statusCode === 200) return;
    // A proxy that cannot reach the host may do so later: the SDK tries this code again.
    const code = statusCode >= 500 ? 'ECONNREFUSED' : `PROXY_${statusCode}`;
    request.destroy(Object.assign(new Error(`the proxy answered ${statusCode}`), { code }));
  });
  return agent;
}
