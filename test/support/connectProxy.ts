import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectProxy {
  url: string;
  /** `host:port` of every tunnel that was asked for, in order. */
  tunnels: string[];
  /** What was asked for without a tunnel. */
  requests: string[];
  /** `proxy-authorization` of every tunnel, `undefined` where there was none. */
  authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/**
 * A proxy as companies have it. It knows names that nobody else does: whatever gets an answer by
 * one of them went through here.
 *
 * @param answer where the tunnel to a host leads on loopback; or a status that refuses it
 */
export async function startConnectProxy(
  answer: (host: string) => { port: number } | { status: number },
): Promise<ConnectProxy> {
  const sockets = new Set<Duplex>();
  const tunnels: string[] = [];
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    response.writeHead(502).end();
  });
  server.on('connect', ({ url = '', headers }, client, head) => {
    tunnels.push(url);
    authorizations.push(headers['proxy-authorization']);
    const way = answer(url);
    sockets.add(client.on('error', () => {}));
    if ('status' in way) {
      client.end(`HTTP/1.1 ${way.status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(way.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    sockets.add(onward.on('error', () => client.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    requests,
    authorizations,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
