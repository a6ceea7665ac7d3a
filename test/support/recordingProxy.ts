import { request as sendRequest } from 'node:http';
import { pipeline } from 'node:stream';
import { type HttpServer, startHttpServer } from './httpServer.ts';

/** Passes every request on to a loopback port, and keeps what it was. */
export function startRecordingProxy(port: number): Promise<HttpServer> {
  return startHttpServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = sendRequest({ host: '127.0.0.1', port, method, path, headers });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => {});
    });
    pipeline(request, onward, () => {});
    onward.on('error', () => response.destroy());
  });
}
