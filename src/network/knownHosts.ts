import { isLoopback } from './loopback.ts';
import type { ProxyOf } from './proxy.ts';

/** Node.js: X509 certificate error codes, and its code for a certificate of another name. */
const untrustedCodes = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UND_ERR_PRX_TLS',
]);

export interface KnownHostsOptions {
  proxyOf: ProxyOf;
  /**
   * For interactive use: a host that has never answered and cannot be reached fails at once,
   * instead of being tried for minutes.
   */
  givesUpEarly?: boolean | undefined;
}

/** Why no answer came from a host. */
export interface HostFailure {
  /** `ECONNREFUSED`, `SELF_SIGNED_CERT_IN_CHAIN`, `TIMEOUT`, `PROXY_407`; `NETWORK` where unknown. */
  code: string;
  /** What is wrong, with the host's name and the cure; present where another try would fail too. */
  finalReason: string | undefined;
}

/** Remembers which hosts have answered, and judges failures by that. */
export class KnownHosts {
  readonly #options: KnownHostsOptions;
  readonly #answered = new Set<string>();
  readonly #givenUp = new Map<string, HostFailure>();

  constructor(options: KnownHostsOptions) {
    this.#options = options;
  }

  noteAnswer({ host }: URL): void {
    this.#answered.add(host);
  }

  /** The failure for which a host was given up, so that it is not tried again. */
  findGivenUp({ host }: URL): HostFailure | undefined {
    return this.#givenUp.get(host);
  }

  /** @param error what was thrown in place of an answer, by undici, by its fetch or by Node.js */
  judge(error: unknown, url: URL): HostFailure {
    const { givesUpEarly = false, proxyOf } = this.#options;
    const code = failureCodeOf(error);
    // A host that has answered before had a trusted certificate: the failure is transient.
    const isFinal =
      !this.#answered.has(url.host) &&
      (untrustedCodes.has(code) ||
        /^PROXY_4\d\d$/.test(code) ||
        (givesUpEarly && !isBrokenOff(error, code)));
    const isByProxy = proxyOf(url) !== undefined;
    const finalReason = isFinal ? describeHostFailure(code, url, isByProxy) : undefined;
    const failure = { code, finalReason };
    if (isFinal && givesUpEarly) this.#givenUp.set(url.host, failure);
    return failure;
  }
}

/**
 * What is wrong with a host that gave no answer, with its name and the cure.
 *
 * @param code of the failure, or a short description where there is none
 */
export function describeHostFailure(code: string, url: URL, isByProxy: boolean): string {
  const { host, hostname, protocol } = url;
  const setting = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  if (untrustedCodes.has(code)) {
    return `the certificate of ${host} is not trusted (${code}): ${cureOfCertificate(code)}`;
  }
  if (code === 'PROXY_407') {
    return `the proxy on the way to ${host} asks for a user and password: put them into ${setting}`;
  }
  if (/^PROXY_\d+$/.test(code)) {
    const status = code.slice('PROXY_'.length);
    return `the proxy that ${setting} names answered ${status} when asked for ${host}`;
  }
  const isReached = `${host} cannot be reached (${code})`;
  if (isByProxy) return `${isReached} by the proxy that ${setting} names`;
  if (isLoopback(hostname)) return isReached;
  return `${isReached}; where it is reached by a proxy alone, set ${setting} to the proxy's URL`;
}

function cureOfCertificate(code: string): string {
  const trust =
    'set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of the authority that signs there, ' +
    "for instance that of a company's proxy";
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return `see that the clock of this machine is right; where another authority signs, ${trust}`;
  }
  if (/ALTNAME|HOSTNAME|PRX/.test(code)) {
    return `it is for another name, see that the address is right; where a proxy is in between, ${trust}`;
  }
  return trust;
}

/** The stable code of a failure without an answer. */
export function failureCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'NETWORK';
  // undici's only information about a proxy that refuses to open a tunnel.
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  if (status) return `PROXY_${status}`;
  // The Azure SDK ends a request whose time is over by an AbortError.
  if (['TimeoutError', 'AbortError'].includes(error.name)) return 'TIMEOUT';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // undici's fetch wraps what broke the connection.
  return error.cause === undefined ? 'NETWORK' : failureCodeOf(error.cause);
}

/** Whether an established connection broke, which the next try may not meet. */
function isBrokenOff(error: unknown, code: string): boolean {
  if (!['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(code)) return false;
  return !/before secure TLS connection/.test(messagesOf(error));
}

function messagesOf(error: unknown): string {
  return error instanceof Error ? `${error.message} ${messagesOf(error.cause)}` : '';
}
