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

/** What every client of the Azure SDK is created with. */
export interface AzureClientOptions {
  httpClient: HttpClient;
  proxyOptions: NonNullable<PipelineOptions['proxyOptions']>;
}

/** One for the process, as the SDK has it: connections are kept alive between clients. */
const directClient = createDefaultHttpClient();

/**
 * Sends the requests of the Azure SDK by the same proxies as all others.
 *
 * @param options.timeoutMs longest time for one request; the SDK itself waits without end
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
    // Told of a proxy, the SDK does not read the environment for one, where a URL that it cannot
    // read would make it throw. The client above decides, whatever this says.
    proxyOptions: { host: 'http://proxy.invalid', port: 80 },
  };
}

/** For credentials: they wait without end, whatever signal they are given. */
export function createIdentityOptions(proxyOf: ProxyOf): AzureClientOptions {
  return createAzureClientOptions({ proxyOf, timeoutMs: identityTimeoutMs });
}

const identityTimeoutMs = 30_000;

/** The SDK's own time-out leaves its timer behind where a request fails, and the process waits. */
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

/** Without this, the answer of a proxy that opens no tunnel would pass for the service's own. */
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
