import { ManagedIdentityCredential } from '@azure/identity';
import { RetriableError } from '../errors.ts';
import { createIdentityOptions } from '../network/azureClient.ts';
import { noProxyOf, type ProxyOf } from '../network/proxy.ts';
import { fromAzureError } from './azureError.ts';

/** Audience of a federated identity credential (Microsoft Entra: workload identity federation). */
const scopes = {
  global: 'api://AzureADTokenExchange/.default',
  usgov: 'api://AzureADTokenExchangeUSGov/.default',
};

/** The part of `ManagedIdentityCredential` that is used. */
export interface TokenSource {
  getToken(scope: string, options: { abortSignal: AbortSignal }): Promise<{ token: string } | null>;
}

/** The SDK has no time limit of its own. This one includes its retries. */
const timeoutMs = 30_000;

/**
 * The managed identity's token that proves the app to Microsoft Entra, in place of a secret.
 *
 * The returned function throws a FatalError where there is no identity, a RetriableError where the
 * request for its token fails.
 */
export function createManagedIdentityAssertion(options: {
  cloud: 'global' | 'usgov';
  /** Of a user-assigned identity; without it the system-assigned one is used. */
  clientId?: string | undefined;
  proxyOf?: ProxyOf | undefined;
  /** In place of the real one, for tests. */
  source?: TokenSource;
}): () => Promise<string> {
  const { cloud, clientId, proxyOf = noProxyOf } = options;
  const source =
    options.source ??
    new ManagedIdentityCredential({
      ...createIdentityOptions(proxyOf),
      ...(clientId && { clientId }),
    });
  const what = 'the managed identity gave no token to prove the app with';
  return async () => {
    try {
      const answer = await source.getToken(scopes[cloud], {
        abortSignal: AbortSignal.timeout(timeoutMs),
      });
      if (answer) return answer.token;
    } catch (error) {
      const cure =
        'run the app with the identity whose client id is AZURE_CLIENT_ID, or prove it by a ' +
        'secret or certificate';
      throw fromAzureError(error, what, cure);
    }
    throw new RetriableError('NO_ASSERTION', what);
  };
}
