import {
  createHttpHeaders,
  createPipelineRequest,
  type RestError,
} from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, test } from 'vitest';
import { createAzureClientOptions } from '../../../src/network/azureClient.ts';
import { noProxyOf, type ProxyOf } from '../../../src/network/proxy.ts';
import { startConnectProxy } from '../../support/connectProxy.ts';
import { startSilentServer } from '../../support/silentServer.ts';

const resources: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of resources.splice(0)) await resource.close();
});

function ask(url: string, options: { proxyOf?: ProxyOf; timeoutMs?: number } = {}) {
  const { httpClient } = createAzureClientOptions({ proxyOf: noProxyOf, ...options });
  const headers = createHttpHeaders();
  return httpClient
    .sendRequest(createPipelineRequest({ url, headers, allowInsecureConnection: true }))
    .then(
      () => expect.unreachable('expected a failure'),
      (error: RestError) => error,
    );
}

describe('a request of the Azure SDK', () => {
  test('to a host that never answers ends in time, whatever it is part of', async () => {
    const silent = await startSilentServer();
    resources.push(silent);
    const error = await ask(`http://127.0.0.1:${silent.port}/msi/token`, { timeoutMs: 100 });
    expect(error.name).toBe('AbortError');
  });

  test.each([
    // The SDK tries no such code again,
    [407, 'PROXY_407'],
    [403, 'PROXY_403'],
    // but this one.
    [502, 'ECONNREFUSED'],
  ])('that the proxy answers by %i has got no answer of the service', async (status, code) => {
    const proxy = await startConnectProxy(() => ({ status }));
    resources.push(proxy);
    const error = await ask('https://some.vault.example/x', { proxyOf: () => proxy.url });
    expect(error).toMatchObject({ name: 'RestError', code, statusCode: undefined });
    expect(proxy.tunnels).toEqual(['some.vault.example:443']);
  });
});
