import {
  createDefaultHttpClient,
  type HttpClient,
  type PipelineOptions,
} from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { ProxyOf } from './proxy.ts';

/** What every client of the Azure SDK is created with. */
export interface AzureClientOptions {
  httpClient: HttpClient;
  proxyOptions: NonNullable<PipelineOptions['proxyOptions']>;
}

/** One for the process, as the SDK has it: connections are kept alive between clients. */
const directClient = createDefaultHttpClient();

/** The SDK itself waits without end; a credential does so whatever signal it is given. */
const defaultAnswerTimeoutMs = 60_000;

/**
 * Sends the requests of the Azure SDK by the same proxies as all others.
 *
 * @param options.answerTimeoutMs longest wait for the head of an answer
 */
export function createAzureClientOptions({
  proxyOf,
  answerTimeoutMs = defaultAnswerTimeoutMs,
}: {
  proxyOf: ProxyOf;
  answerTimeoutMs?: number;
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
        if (proxy === undefined) delete request.agent;
        else request.agent = agentOf(proxy);
        // Where the SDK looks whether there is a managed identity at all, it has a shorter one.
        if (request.timeout === 0) request.timeout = answerTimeoutMs;
        return directClient.sendRequest(request);
      },
    },
    // Told of a proxy, the SDK does not read the environment for one, where a URL that it cannot
    // read would make it throw. The client above decides, whatever this says.
    proxyOptions: { host: 'http://proxy.invalid', port: 80 },
  };
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
