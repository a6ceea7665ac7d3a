import { type HttpServer, startHttpServer } from './httpServer.ts';
import { passOn } from './tlsServer.ts';

/** Passes every request on to a loopback port, and keeps what it was. */
export function startRecordingProxy(port: number): Promise<HttpServer> {
  return startHttpServer((request, response) => passOn(request, response, port));
}
