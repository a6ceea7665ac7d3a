import { DefaultAzureCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { azureStatusOf, fromAzureError } from './azureError.ts';
import type { RefreshTokenStore } from './refreshTokenStore.ts';

/** What the store needs of Key Vault's `SecretClient`. */
export interface SecretVault {
  getSecret(
    name: string,
    options: { abortSignal: AbortSignal },
  ): Promise<{ value?: string; properties: { createdOn?: Date } }>;
  setSecret(name: string, value: string, options: { abortSignal: AbortSignal }): Promise<unknown>;
}

/** The SDK waits for an answer without end. This is the time for its own retries, too. */
const timeoutMs = 30_000;

const cure =
  "give the identity that is at work here (in Azure the app's, elsewhere your own of `az login`) " +
  'the role Key Vault Secrets Officer on KEY_VAULT_URI, and check that the vault lets its network in';

/**
 * Key Vault as the app reaches it: by its managed identity in Azure, by the developer's own
 * sign-in elsewhere (`usage-snapshots login` writes the first token from a laptop).
 */
export function createSecretVault(options: {
  vaultUri: string;
  managedIdentityClientId?: string | undefined;
}): SecretVault {
  const { vaultUri, managedIdentityClientId } = options;
  const identity = managedIdentityClientId ? { managedIdentityClientId } : {};
  return new SecretClient(vaultUri, new DefaultAzureCredential(identity));
}

/**
 * The refresh token as a Key Vault secret. Every `set` adds a version; the old ones stay.
 *
 * Both methods throw a FatalError where Key Vault refuses, a RetriableError where it fails. Neither
 * holds the token.
 */
export function createRefreshTokenKeyVault(options: {
  vault: SecretVault;
  secretName: string;
}): RefreshTokenStore {
  const { vault, secretName } = options;
  const limit = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });
  return {
    async get() {
      try {
        const { value, properties } = await vault.getSecret(secretName, limit());
        const token = value?.trim();
        return token ? { token, storedAt: properties.createdOn?.getTime() } : undefined;
      } catch (error) {
        if (azureStatusOf(error) === 404) return undefined;
        throw fromAzureError(error, `secret ${secretName} could not be read from Key Vault`, cure);
      }
    },
    async set(token) {
      try {
        await vault.setSecret(secretName, token, limit());
      } catch (error) {
        throw fromAzureError(error, `secret ${secretName} could not be written to Key Vault`, cure);
      }
    },
  };
}
