import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { storageAt } from './commandLine.ts';
import { startHttpServer } from './httpServer.ts';

/** A request to the tables; of a transaction the body tells whose rows they are. */
export interface TableRequest {
  method: string;
  /** Without the account, decoded. */
  path: string;
  body: string;
}

/** What becomes of a request in place of its answer; `undefined` where it goes through. */
export type TableFault = (request: TableRequest) => 'hang' | { code: string } | undefined;

export interface FaultyTables {
  connectionString: string;
  /** How many requests have been left without an answer. */
  readonly hanging: number;
  close(): Promise<void>;
}

/** A table service in front of an emulator: some requests it never answers, some it refuses. */
export async function startFaultyTables(
  emulator: string,
  faultOf: TableFault,
): Promise<FaultyTables> {
  let hanging = 0;
  const endpoint = new URL(/TableEndpoint=([^;]+)/.exec(emulator)?.[1] ?? '');
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    const body = await buffer(request);
    const path = decodeURIComponent(url.replace(endpoint.pathname, ''));
    const fault = faultOf({ method, path, body: body.toString() });
    if (fault === 'hang') {
      hanging++;
      return;
    }
    if (fault) {
      refuse(response, path, fault.code);
      return;
    }
    const { hostname, port } = endpoint;
    forward({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    }).end(body);
  };
  const server = await startHttpServer((...exchange) => void handle(...exchange));
  return {
    connectionString: storageAt(Number(new URL(server.url).port)),
    get hanging() {
      return hanging;
    },
    close: server.close,
  };
}

/** As the service says it: of a transaction within an answer that is 202. */
function refuse(response: ServerResponse, path: string, code: string): void {
  const error = { 'odata.error': { code, message: { lang: 'en-US', value: `1:${code}.` } } };
  const json = JSON.stringify(error);
  const type = 'application/json;odata=minimalmetadata';
  if (!path.startsWith('/$batch')) {
    response.writeHead(400, { 'content-type': type }).end(json);
    return;
  }
  response.writeHead(202, { 'content-type': 'multipart/mixed; boundary=batchresponse_1' });
  response.end(
    `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n--changesetresponse_1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Type: ${type}\r\n\r\n${json}\r\n--changesetresponse_1--\r\n--batchresponse_1--\r\n`,
  );
}
