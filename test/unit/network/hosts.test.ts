import { afterEach, describe, expect, test } from 'vitest';
import { FatalError, RetriableError } from '../../../src/errors.ts';
import { createTransport, type TransportOptions } from '../../../src/network/transport.ts';
import { type ConnectProxy, startConnectProxy } from '../../support/connectProxy.ts';
import { startHttpServer } from '../../support/httpServer.ts';
import { startSilentServer } from '../../support/silentServer.ts';
import { startTlsServer, type TlsServer } from '../../support/tlsServer.ts';

const resources: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of resources.splice(0).reverse()) await resource.close();
});

function keep<T extends { close(): Promise<void> }>(resource: T): T {
  resources.push(resource);
  return resource;
}

function transportOf(options: Partial<TransportOptions> = {}) {
  const { send } = keep(createTransport({ connections: 2, ...options }));
  return (url: string) =>
    send({ url: new URL(url), headers: {}, facts: { method: 'GET', path: '/v1/x' } });
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => expect.unreachable('expected a failure'),
    (error: Error) => error,
  );
}

const startTls = async (name = 'localhost', options = {}): Promise<TlsServer> =>
  keep(await startTlsServer(name, (_request, response) => response.end('{}'), options));

describe('a certificate that is not trusted', () => {
  test('of a host that has never answered ends the run, and names host and cure', async () => {
    const { port } = await startTls();
    const error = await failureOf(transportOf()(`https://localhost:${port}/v1/x`));
    expect(error).toBeInstanceOf(FatalError);
    expect(error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(error.message).toMatch(
      new RegExp(
        `^GET /v1/x got no answer: the certificate of localhost:${port} is not trusted ` +
          '\\(DEPTH_ZERO_SELF_SIGNED_CERT\\): set NODE_EXTRA_CA_CERTS to a PEM file',
      ),
    );
  });

  test('of a host that has answered before passes by itself', async () => {
    const plain = await startHttpServer((_request, response) => response.end('{}'));
    const port = Number(new URL(plain.url).port);
    const ask = transportOf();
    await ask(`http://localhost:${port}/v1/x`);
    await plain.close();
    await startTls('localhost', { port });
    const error = await failureOf(ask(`https://localhost:${port}/v1/x`));
    expect(error).toBeInstanceOf(RetriableError);
    expect(error.message).toBe(
      `GET /v1/x got no whole answer from localhost:${port} (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    );
  });
});

describe('a host that cannot be reached', () => {
  const startSilent = async () => keep(await startSilentServer());

  test('is tried again in a run', async () => {
    const { port } = await startSilent();
    const ask = transportOf({ connectTimeoutMs: 100 });
    const error = await failureOf(ask(`https://localhost:${port}/v1/x`));
    expect(error).toBeInstanceOf(RetriableError);
    expect(error).toMatchObject({ code: 'UND_ERR_CONNECT_TIMEOUT' });
  });

  test('is given up at a terminal, and not asked by the next call either', async () => {
    const silent = await startSilent();
    const ask = transportOf({ connectTimeoutMs: 100, givesUpEarly: true });
    const url = `https://localhost:${silent.port}/v1/x`;
    for (const error of [await failureOf(ask(url)), await failureOf(ask(url))]) {
      expect(error).toBeInstanceOf(FatalError);
      expect(error.message).toContain(`localhost:${silent.port} cannot be reached`);
    }
    expect(silent.connections()).toBe(1);
  });

  test('by its name says what a proxy would need', async () => {
    const ask = transportOf({ givesUpEarly: true });
    const error = await failureOf(ask('https://partner.invalid/v1/x'));
    expect(error.message).toMatch(
      /^GET \/v1\/x got no answer: partner\.invalid cannot be reached \(\w+\); where it is reached by a proxy alone, set HTTPS_PROXY to the proxy's URL$/,
    );
  });

  test('since its connection breaks is tried again at a terminal, too', async () => {
    const server = keep(await startHttpServer((request) => request.socket.destroy()));
    const error = await failureOf(transportOf({ givesUpEarly: true })(`${server.url}/v1/x`));
    expect(error).toBeInstanceOf(RetriableError);
  });

  test('that has answered before is tried again at a terminal, too', async () => {
    const server = await startHttpServer((_request, response) => response.end('{}'));
    const ask = transportOf({ givesUpEarly: true });
    await ask(`${server.url}/v1/x`);
    await server.close();
    const error = await failureOf(ask(`${server.url}/v1/x`));
    expect(error).toBeInstanceOf(RetriableError);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a proxy', () => {
  async function startRefusing(status: number): Promise<ConnectProxy> {
    return keep(await startConnectProxy(() => ({ status })));
  }
  const secured = (url: string) => url.replace('http://', 'http://user:Marked-p%40ss@');

  test('is sent user and password, which no error tells', async () => {
    const proxy = await startRefusing(407);
    const ask = transportOf({ proxyOf: () => secured(proxy.url) });
    const error = await failureOf(ask('https://partner.example/v1/x'));
    expect(error).toBeInstanceOf(FatalError);
    expect(error).toMatchObject({ code: 'PROXY_407' });
    expect(error.message).toBe(
      'GET /v1/x got no answer: the proxy on the way to partner.example asks for a user and ' +
        'password: put them into HTTPS_PROXY',
    );
    expect(proxy.tunnels).toEqual(['partner.example:443']);
    const expected = Buffer.from('user:Marked-p@ss').toString('base64');
    expect(proxy.authorizations).toEqual([`Basic ${expected}`]);
  });

  test('that forbids the host ends the run', async () => {
    const proxy = await startRefusing(403);
    const error = await failureOf(
      transportOf({ proxyOf: () => proxy.url })('https://partner.example/v1/x'),
    );
    expect(error).toBeInstanceOf(FatalError);
    expect(error.message).toContain(
      'the proxy that HTTPS_PROXY names answered 403 when asked for partner.example',
    );
  });

  test('that does not reach the host for now is asked again', async () => {
    const proxy = await startRefusing(502);
    const error = await failureOf(
      transportOf({ proxyOf: () => proxy.url })('https://partner.example/v1/x'),
    );
    expect(error).toBeInstanceOf(RetriableError);
    expect(error).toMatchObject({ code: 'PROXY_502' });
  });

  test('that takes the connection and says nothing is given up in time', async () => {
    const silent = keep(await startSilentServer());
    const proxy = keep(await startConnectProxy(() => ({ port: silent.port })));
    const silentProxy = `http://127.0.0.1:${silent.port}`;
    const ask = transportOf({ proxyOf: () => silentProxy, connectTimeoutMs: 100 });
    expect(await failureOf(ask('https://partner.example/v1/x'))).toBeInstanceOf(RetriableError);
    // The same behind a tunnel that opens.
    const through = transportOf({ proxyOf: () => proxy.url, connectTimeoutMs: 100 });
    expect(await failureOf(through('https://partner.example/v1/x'))).toBeInstanceOf(RetriableError);
  });

  test('that nobody answers at is named as what to look at', async () => {
    const proxy = await startConnectProxy(() => ({ status: 200 }));
    await proxy.close();
    const ask = transportOf({ proxyOf: () => proxy.url, givesUpEarly: true });
    const error = await failureOf(ask('https://partner.example/v1/x'));
    expect(error.message).toBe(
      'GET /v1/x got no answer: partner.example cannot be reached (ECONNREFUSED) by the proxy ' +
        'that HTTPS_PROXY names',
    );
  });
});
