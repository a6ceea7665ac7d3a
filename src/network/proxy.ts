import { BlockList, isIP } from 'node:net';
import type { Secret } from '../secret.ts';
import { isLoopback } from './loopback.ts';

/** The settings `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
export interface ProxySettings {
  /** URL of the proxy for https:// targets; it may hold a user and a password. */
  httpsProxy?: Secret | undefined;
  /** The same for http:// targets. */
  httpProxy?: Secret | undefined;
  /** What is reached directly: names with all below them, addresses, `*`; each may have a port. */
  noProxy: readonly string[];
}

/** The URL of the proxy by which a target is reached, `undefined` where it is reached directly. */
export type ProxyOf = (target: URL) => string | undefined;

/** Without proxy settings. */
export const noProxyOf: ProxyOf = () => undefined;

/**
 * Decides about proxies for all connections. This machine and link-local addresses are always
 * reached directly: managed identities answer there (Azure: instance metadata service, App Service
 * managed identities).
 */
export function createProxyOf({ httpsProxy, httpProxy, noProxy }: ProxySettings): ProxyOf {
  const directAddresses = new BlockList();
  directAddresses.addSubnet('169.254.0.0', 16);
  const rules = noProxy.map(parseRule);
  for (const { host } of rules.filter(({ port }) => port === undefined)) {
    addAddresses(directAddresses, host);
  }
  return (target) => {
    const proxy = target.protocol === 'https:' ? httpsProxy : httpProxy;
    if (!proxy || isLoopback(target.hostname)) return undefined;
    const host = target.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    const family = isIP(host);
    if (family > 0 && directAddresses.check(host, family === 4 ? 'ipv4' : 'ipv6')) return undefined;
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    return rules.some((rule) => holds(rule, host, port)) ? undefined : proxy.reveal();
  };
}

interface Rule {
  /** In lower case, without brackets and without the dot or `*.` it may begin with. */
  host: string;
  port: string | undefined;
  /** `*.example.org` does not mean `example.org` itself. */
  isBelowAlone: boolean;
}

/** `example.org`, `.example.org`, `*.example.org`, `10.0.0.0/8`, `[::1]`, `::1`; each with `:port`. */
function parseRule(entry: string): Rule {
  const [, bracketed, plain, port] =
    /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? ([] as undefined[]);
  const host = (bracketed ?? plain ?? entry).toLowerCase().replace(/\.$/, '');
  return { host: host.replace(/^\*?\./, ''), port, isBelowAlone: host.startsWith('*.') };
}

function holds({ host, port, isBelowAlone }: Rule, asked: string, askedPort: string): boolean {
  if (port !== undefined && port !== askedPort) return false;
  return host === '*' || asked.endsWith(`.${host}`) || (asked === host && !isBelowAlone);
}

/** Adds an address, or a subnet such as `10.0.0.0/8`; a name is neither. */
function addAddresses(addresses: BlockList, host: string): void {
  const [address = '', prefix] = host.split('/');
  const family = isIP(address);
  if (family === 0) return;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const bits = family === 4 ? 32 : 128;
  if (prefix === undefined) addresses.addAddress(address, type);
  else if (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits) {
    addresses.addSubnet(address, Number(prefix), type);
  }
}
