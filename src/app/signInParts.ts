import type { Clock } from '../clock.ts';
import type { PartnerCenterConfig } from '../config/config.ts';
import { createProxyOf } from '../network/proxy.ts';
import {
  type ClientAuthentication,
  createAssertionAuthentication,
  createCertificateAuthentication,
  createSecretAuthentication,
} from '../sign-in/clientAuthentication.ts';
import { createManagedIdentityAssertion } from '../sign-in/managedIdentityAssertion.ts';
import { createRefreshTokenFile } from '../sign-in/refreshTokenFile.ts';
import { createRefreshTokenKeyVault, createSecretVault } from '../sign-in/refreshTokenKeyVault.ts';
import {
  createReadOnlyRefreshTokenStore,
  type RefreshTokenStore,
  startingFrom,
} from '../sign-in/refreshTokenStore.ts';
import type { TokenEndpointOptions } from '../sign-in/tokenEndpoint.ts';

/** Creates the parts for sign-in from the settings. */

/** Options of the token endpoint. */
export function toTokenEndpoint(
  partnerCenter: PartnerCenterConfig,
  clock: Clock,
): TokenEndpointOptions {
  const { authorityHost, tenantId, clientId } = partnerCenter;
  const clientAuthentication = createClientAuthentication(partnerCenter, clock);
  const proxyOf = createProxyOf(partnerCenter.proxy);
  return { authorityHost, tenantId, clientId, clientAuthentication, clock, proxyOf };
}

function createClientAuthentication(
  partnerCenter: PartnerCenterConfig,
  clock: Clock,
): ClientAuthentication {
  const { clientAuthentication, cloud, managedIdentityClientId: clientId, proxy } = partnerCenter;
  switch (clientAuthentication.kind) {
    case 'secret':
      return createSecretAuthentication(clientAuthentication.secret.reveal());
    case 'certificate':
      return createCertificateAuthentication({ path: clientAuthentication.path, clock });
    case 'managedIdentity':
      return createAssertionAuthentication(
        createManagedIdentityAssertion({ cloud, clientId, proxyOf: createProxyOf(proxy) }),
      );
  }
}

/** The store of the refresh token. */
export function createRefreshTokenStore(
  partnerCenter: PartnerCenterConfig,
  { givesUpEarly = false }: { givesUpEarly?: boolean } = {},
): RefreshTokenStore {
  const { refreshToken, managedIdentityClientId, proxy } = partnerCenter;
  if (refreshToken.kind === 'environment') {
    return createReadOnlyRefreshTokenStore(refreshToken.token.reveal());
  }
  const { initialToken } = refreshToken;
  const store =
    refreshToken.kind === 'file'
      ? createRefreshTokenFile(refreshToken.path)
      : openKeyVault(refreshToken.vaultUri, refreshToken.secretName);
  return initialToken ? startingFrom(initialToken.reveal(), store) : store;

  function openKeyVault(vaultUri: string, secretName: string): RefreshTokenStore {
    const options = { vaultUri, proxyOf: createProxyOf(proxy), givesUpEarly };
    const vault = createSecretVault({ ...options, managedIdentityClientId });
    return createRefreshTokenKeyVault({ ...options, vault, secretName });
  }
}
