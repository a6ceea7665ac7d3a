import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { ProxyOf } from './proxy.ts';

export interface DispatchersOptions extends Omit<Agent.Options, 'connect' | 'factory'> {
  proxyOf: ProxyOf;
  /** Longest time for a connection, and of a proxy for opening a tunnel. */
  connectTimeoutMs: number;
}

/** undici's connections: directly to a host, or by its proxy. */
export class Dispatchers {
  readonly #options: DispatchersOptions;
  readonly #byProxy = new Map<string | undefined, Dispatcher>();

  constructor(options: DispatchersOptions) {
    this.#options = options;
  }

  of(url: URL): Dispatcher {
    const proxy = this.#options.proxyOf(url);
    const dispatcher = this.#byProxy.get(proxy) ?? this.#create(proxy);
    this.#byProxy.set(proxy, dispatcher);
    return dispatcher;
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#byProxy.values()].map((dispatcher) => dispatcher.destroy()));
  }

  #create(proxy: string | undefined): Dispatcher {
    const { proxyOf: _, connectTimeoutMs, ...options } = this.#options;
    if (proxy === undefined)
      return new Agent({ ...options, connect: { timeout: connectTimeoutMs } });
    return new ProxyAgent({
      ...options,
      uri: proxy,
      connectTimeout: connectTimeoutMs,
      // By default undici waits 5 minutes for a proxy that accepts the connection and sends
      // nothing.
      clientFactory: (origin, ofPool) =>
        new Pool(origin, { ...ofPool, headersTimeout: connectTimeoutMs }),
    });
  }
}
