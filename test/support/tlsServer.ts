import { type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { createSelfSignedCertificate } from '../unit/sign-in/selfSignedCertificate.ts';

export interface TlsServer {
  port: number;
  /** Whoever has it among its authorities trusts the server. */
  certificatePem: string;
  /** Connections so far, with those that ended in the handshake. */
  connections(): number;
  /** `host` of every request, in order. */
  hosts: string[];
  close(): Promise<void>;
}

/** A server on loopback with a certificate of its own for a name, which nobody trusts by itself. */
export async function startTlsServer(
  name: string,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  { port = 0 }: { port?: number } = {},
): Promise<TlsServer> {
  const { certificatePem, keyPem } = createSelfSignedCertificate(name);
  const hosts: string[] = [];
  let connections = 0;
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    hosts.push(request.headers.host ?? '');
    handle(request, response);
  });
  server.on('connection', () => connections++).on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificatePem,
    connections: () => connections,
    hosts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Passes a request on to a loopback port as it is. */
export function passOn(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const onward = sendRequest({ host: '127.0.0.1', port, method, path, headers });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, () => {});
  });
  onward.on('error', () => response.destroy());
  pipeline(request, onward, () => {});
}
