import { FatalError, messageOf, type RequestError, RetriableError } from '../errors.ts';
import type { HostFailure } from '../network/knownHosts.ts';

/** Error names of @azure/identity: no credential of this machine can sign in to Azure. */
const noIdentityNames = new Set([
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
]);

/**
 * An error of the Azure SDK as one of ours. It keeps status and code, and leaves out the error
 * itself: the SDK's holds the request, whose body is the secret.
 *
 * @param what the failed action, as the start of a sentence
 * @param cure what to do where the request was refused
 * @param failure of the host, where no answer came
 */
export function fromAzureError(
  error: unknown,
  what: string,
  cure: string,
  failure?: HostFailure,
): RequestError {
  const { name, status, code } = factsOf(error);
  if (noIdentityNames.has(name)) {
    const message = `${what}: no Azure identity can sign in here (${name}); ${cure}`;
    return new FatalError('NO_AZURE_IDENTITY', message);
  }
  const answer = [status, code].filter((fact) => fact !== undefined).join(' ') || name;
  const isRefusal = status !== undefined && status >= 400 && status < 500;
  if (isRefusal && status !== 408 && status !== 429) {
    return new FatalError(`AZURE_${status}`, `${what}: refused (${answer}); ${cure}`);
  }
  if (status === undefined && failure?.finalReason !== undefined) {
    return new FatalError(failure.code, `${what}: ${failure.finalReason}`);
  }
  return new RetriableError(code ?? `AZURE_${status ?? 'ERROR'}`, `${what} (${answer})`);
}

/** The SDK's status of a failed request, `undefined` where no answer came. */
export function azureStatusOf(error: unknown): number | undefined {
  return factsOf(error).status;
}

/** The codes of a refusal, the outermost first (Azure Key Vault: REST API, error). */
export function azureCodesOf(error: unknown): string[] {
  const details = error instanceof Error && 'details' in error ? error.details : undefined;
  const codes = [factsOf(error).code];
  let inner = fieldOf(details, 'error');
  while (inner !== undefined && codes.length < maxCodes) {
    const code = fieldOf(inner, 'code');
    codes.push(typeof code === 'string' ? code : undefined);
    // Named as by the service, or as by its SDK.
    inner = fieldOf(inner, 'innererror') ?? fieldOf(inner, 'innerError');
  }
  return codes.filter((code) => code !== undefined);
}

const maxCodes = 5;

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function factsOf(error: unknown) {
  const name = error instanceof Error ? error.name : messageOf(error).slice(0, 40);
  if (!(error instanceof Error)) return { name, status: undefined, code: undefined };
  const status = 'statusCode' in error ? error.statusCode : undefined;
  const code = 'code' in error ? error.code : undefined;
  return {
    name,
    status: typeof status === 'number' ? status : undefined,
    code: typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined,
  };
}
