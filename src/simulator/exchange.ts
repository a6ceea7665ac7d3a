import type { Pieces } from './pieces.ts';

/** A request to the simulator. */
export interface SimulatorRequest {
  method: string;
  /** With query. */
  path: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body?: string;
}

/**
 * A network fault of an answer: the connection is reset before it, it never comes, or the
 * connection ends in the middle of the body.
 */
export type Disruption = 'reset' | 'stall' | 'truncate';

export interface SimulatorAnswer {
  /** 0 where no answer comes at all: `reset`, `stall`. */
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** As sent: with a byte order mark where a quirk asks for one. */
  body: string | Buffer | Pieces;
  /** Delay before the answer is sent. */
  delayMs?: number;
  disruption?: Disruption;
}

export const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' } as const;

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): SimulatorAnswer {
  return {
    status,
    headers: { ...jsonHeaders, ...headers },
    body: JSON.stringify(body),
  };
}

/** An error in the API's documented shape. `code` is a number on the wire. */
export function errorAnswer(
  status: number,
  code: number,
  description: string,
  headers: Record<string, string> = {},
): SimulatorAnswer {
  return jsonAnswer(status, { code, description, data: [], source: 'PartnerFD' }, headers);
}

/** An answer of the gateway in front of the API, with a shape of its own. */
export function throttledAnswer(retryAfterSeconds: number): SimulatorAnswer {
  const message = `Rate limit is exceeded. Try again in ${retryAfterSeconds} seconds.`;
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return jsonAnswer(429, { statusCode: 429, message }, headers);
}
