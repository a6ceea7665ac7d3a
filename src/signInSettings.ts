import type { Clock } from './clock.ts';
import type { PartnerCenterConfig } from './config.ts';
import {
  type ClientAuthentication,
  createAssertionAuthentication,
  createCertificateAuthentication,
  createSecretAuthentication,
} from './partner-center/clientAuthentication.ts';
import { createManagedIdentityAssertion } from './partner-center/managedIdentityAssertion.ts';
import { createRefreshTokenFile } from './partner-center/refreshTokenFile.ts';
import {
  createRefreshTokenKeyVault,
  createSecretVault,
} from './partner-center/refreshTokenKeyVault.ts';
import {
  createReadOnlyRefreshTokenStore,
  type RefreshTokenStore,
  startingFrom,
} from './partner-center/refreshTokenStore.ts';
import type { TokenEndpointOptions } from './partner-center/tokenEndpoint.ts';

/** From the settings to the parts that sign in. */

/** What the token endpoint takes. */
export function toTokenEndpoint(
  partnerCenter: PartnerCenterConfig,
  clock: Clock,
): TokenEndpointOptions {
  const { authorityHost, tenantId, clientId } = partnerCenter;
  const clientAuthentication = createClientAuthentication(partnerCenter, clock);
  return { authorityHost, tenantId, clientId, clientAuthentication, clock };
}

function createClientAuthentication(
  partnerCenter: PartnerCenterConfig,
  clock: Clock,
): ClientAuthentication {
  const { clientAuthentication, cloud, managedIdentityClientId: clientId } = partnerCenter;
  switch (clientAuthentication.kind) {
    case 'secret':
      return createSecretAuthentication(clientAuthentication.secret.reveal());
    case 'certificate':
      return createCertificateAuthentication({ path: clientAuthentication.path, clock });
    case 'managedIdentity':
      return createAssertionAuthentication(createManagedIdentityAssertion({ cloud, clientId }));
  }
}

/** Where the refresh token lives. */
export function createRefreshTokenStore(partnerCenter: PartnerCenterConfig): RefreshTokenStore {
  const { refreshToken, managedIdentityClientId } = partnerCenter;
  if (refreshToken.kind === 'environment') {
    return createReadOnlyRefreshTokenStore(refreshToken.token.reveal());
  }
  const store =
    refreshToken.kind === 'file'
      ? createRefreshTokenFile(refreshToken.path)
      : createRefreshTokenKeyVault({
          vault: createSecretVault({ vaultUri: refreshToken.vaultUri, managedIdentityClientId }),
          secretName: refreshToken.secretName,
        });
  const { initialToken } = refreshToken;
  return initialToken ? startingFrom(initialToken.reveal(), store) : store;
}
