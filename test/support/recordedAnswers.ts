import { type ApiServer, startApiServer } from '../../src/http/apiServer.ts';
import type { Deployment } from './recordedTables.ts';

/** A request to the API, and what it was answered. */
export interface RecordedAnswer {
  /** Below `api/`. */
  target: string;
  accept?: string;
  /** What the clock showed, ISO 8601. */
  at: string;
  status: number;
  /** Those by which a client reads the body, and finds the next page. */
  headers: Record<string, string>;
  /** Of the body, within the folder of answers. */
  file: string;
}

const headerNames = ['content-type', 'content-disposition', 'link'];

/** Asks over HTTP, as `serve` answers it. */
export async function ask(
  { target, accept, at }: Pick<RecordedAnswer, 'target' | 'accept' | 'at'>,
  deployment: Deployment,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  const server = await startApi(Date.parse(at), deployment);
  try {
    const headers = accept === undefined ? {} : { accept };
    const response = await fetch(`${server.url}/api/${target}`, { headers });
    const seen = headerNames.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return {
      status: response.status,
      headers: Object.fromEntries(seen),
      body: Buffer.from(await response.arrayBuffer()),
    };
  } finally {
    await server.close();
  }
}

function startApi(nowMs: number, deployment: Deployment): Promise<ApiServer> {
  return startApiServer({
    isAllowed: () => true,
    openHistory: async () => deployment.openHistory(nowMs),
    listBadSettings: () => [],
    onError(error) {
      throw error;
    },
    now: () => nowMs,
  });
}
