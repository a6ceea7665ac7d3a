import { DefaultAzureCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { FatalError, type RequestError, RetriableError } from '../errors.ts';
import { createAzureClientOptions, createIdentityOptions } from '../network/azureClient.ts';
import { KnownHosts } from '../network/knownHosts.ts';
import { noProxyOf, type ProxyOf } from '../network/proxy.ts';
import { azureCodesOf, azureStatusOf, fromAzureError } from './azureError.ts';
import type { RefreshTokenStore } from './refreshTokenStore.ts';

interface CallOptions {
  abortSignal: AbortSignal;
}

/** The part of Key Vault's `SecretClient` that the store uses. */
export interface SecretVault {
  getSecret(
    name: string,
    options: CallOptions,
  ): Promise<{ value?: string; properties: { createdOn?: Date } }>;
  setSecret(name: string, value: string, options: CallOptions): Promise<unknown>;
  getDeletedSecret(name: string, options: CallOptions): Promise<unknown>;
}

/** Which vault, and how it is reached. */
export interface VaultOptions {
  vaultUri: string;
  proxyOf?: ProxyOf | undefined;
  /** See {@link KnownHosts}. */
  givesUpEarly?: boolean | undefined;
}

/** The SDK has no time limit of its own. This one includes its retries. */
const timeoutMs = 30_000;
/** For interactive use: limit of one request, without the time that `az` takes for a token. */
const earlyTimeoutMs = 5_000;

const roleCure =
  "give the identity that is at work here (in Azure the app's, elsewhere your own of `az login`) " +
  'the role Key Vault Secrets Officer on KEY_VAULT_URI, and check that the vault lets its network in';

/**
 * Key Vault as the app reaches it: by its managed identity in Azure, by the developer's own
 * sign-in elsewhere (`usage-snapshots login` writes the first token from a laptop).
 */
export function createSecretVault({
  vaultUri,
  managedIdentityClientId,
  proxyOf = noProxyOf,
  givesUpEarly = false,
}: VaultOptions & { managedIdentityClientId?: string | undefined }): SecretVault {
  const identity = managedIdentityClientId ? { managedIdentityClientId } : {};
  const credential = new DefaultAzureCredential({
    ...createIdentityOptions(proxyOf),
    ...identity,
  });
  if (!givesUpEarly) {
    return new SecretClient(vaultUri, credential, createAzureClientOptions({ proxyOf }));
  }
  return new SecretClient(vaultUri, credential, {
    ...createAzureClientOptions({ proxyOf, timeoutMs: earlyTimeoutMs }),
    retryOptions: { maxRetries: 0 },
  });
}

/**
 * The refresh token as a Key Vault secret. Every `set` adds a version; the old ones stay.
 *
 * Both methods throw a FatalError where Key Vault refuses, a RetriableError where it fails. The
 * errors never contain the token.
 */
export function createRefreshTokenKeyVault({
  vault,
  secretName,
  vaultUri,
  proxyOf = noProxyOf,
  givesUpEarly = false,
}: VaultOptions & { vault: SecretVault; secretName: string }): RefreshTokenStore {
  const url = new URL(vaultUri);
  const hosts = new KnownHosts({ proxyOf, givesUpEarly });
  const limit = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });

  function errorOf(error: unknown, verb: 'read from' | 'written to'): RequestError {
    const what = `secret ${secretName} could not be ${verb} Key Vault`;
    const isAnswered = azureStatusOf(error) !== undefined;
    if (isAnswered) hosts.noteAnswer(url);
    return (
      errorOfSecretState(error, what, commandsFor(url, secretName)) ??
      fromAzureError(error, what, roleCure, isAnswered ? undefined : hosts.judge(error, url))
    );
  }

  /** A deleted secret cannot be read, and its name cannot be used again. */
  async function isDeleted(): Promise<boolean> {
    try {
      await vault.getDeletedSecret(secretName, limit());
      return true;
    } catch {
      return false;
    }
  }

  return {
    async get() {
      try {
        const { value, properties } = await vault.getSecret(secretName, limit());
        hosts.noteAnswer(url);
        const token = value?.trim();
        return token ? { token, storedAt: properties.createdOn?.getTime() } : undefined;
      } catch (error) {
        if (azureStatusOf(error) !== 404) throw errorOf(error, 'read from');
      }
      if (!(await isDeleted())) return undefined;
      const { recover } = commandsFor(url, secretName);
      const message = `secret ${secretName} could not be read from Key Vault: it is deleted; ${recover}`;
      throw new FatalError(deletedCode, message);
    },
    async set(token) {
      try {
        await vault.setSecret(secretName, token, limit());
        hosts.noteAnswer(url);
      } catch (error) {
        throw errorOf(error, 'written to');
      }
    },
  };
}

const deletedCode = 'ObjectIsDeletedButRecoverable';

/** Commands that an administrator can run to repair a secret. */
function commandsFor({ hostname }: URL, secretName: string) {
  const names = `--vault-name ${hostname.split('.')[0]} --name ${secretName}`;
  return {
    recover: `recover it: \`az keyvault secret recover ${names}\``,
    enable: `enable it: \`az keyvault secret set-attributes ${names} --enabled true\``,
  };
}

/** An error for the secret's state by Key Vault's inner code (Azure Key Vault: soft-delete). */
function errorOfSecretState(
  error: unknown,
  what: string,
  { recover, enable }: ReturnType<typeof commandsFor>,
): RequestError | undefined {
  const codes = azureCodesOf(error);
  if (codes.includes(deletedCode)) {
    return new FatalError(deletedCode, `${what}: it is deleted and keeps its name; ${recover}`);
  }
  if (codes.includes('SecretDisabled')) {
    return new FatalError('SecretDisabled', `${what}: it is disabled; ${enable}`);
  }
  const passing = codes.find((code) =>
    ['ObjectIsBeingRecovered', 'ObjectIsBeingDeleted'].includes(code),
  );
  if (passing === undefined) return undefined;
  const state = passing === 'ObjectIsBeingRecovered' ? 'recovered' : 'deleted';
  return new RetriableError(passing, `${what}: it is just being ${state}; wait a minute`);
}
