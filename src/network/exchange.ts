import { StringDecoder } from 'node:string_decoder';
import type { Dispatcher } from 'undici';
import { messageOf } from '../errors.ts';
import { onAbort, type Signal } from './onAbort.ts';

export interface ExchangeRequest {
  url: URL;
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  body?: string | Uint8Array | null | undefined;
  /** Of the answer's body; `latin1` makes a character of each byte. Default: `utf8`. */
  encoding?: 'utf8' | 'latin1' | undefined;
  /** Ends the exchange with its reason. */
  signal?: Signal | undefined;
}

export interface ExchangeResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
}

/** Takes the body of an answer as it comes, in pieces of any length. */
export type OnBody = (text: string) => void;

/**
 * Sends a request and waits for its whole answer. It is a request of undici without the stream that
 * undici makes of each body.
 *
 * @param onResponse called with status and headers; what it returns takes the body
 * @throws what undici reports where no whole answer comes, the signal's reason, and what the body's
 * taker throws
 */
export function exchange(
  dispatcher: Dispatcher,
  { url, method, headers, body, encoding = 'utf8', signal }: ExchangeRequest,
  onResponse: (response: ExchangeResponse) => OnBody,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const decoder = new StringDecoder(encoding);
  let controller: Dispatcher.DispatchController | undefined;
  let ended: { reason: Error } | undefined;
  let onBody: OnBody = () => {};
  const end = (reason: unknown) => {
    ended = { reason: reason instanceof Error ? reason : new Error(messageOf(reason)) };
    reject(reason);
    controller?.abort(ended.reason);
  };
  const attempt = (step: () => void) => {
    try {
      step();
    } catch (error) {
      end(error);
    }
  };
  const stop = () =>
    end(signal?.reason ?? new DOMException('The request was ended.', 'AbortError'));
  const release = signal && onAbort(signal, stop);
  if (signal?.aborted) stop();
  const { origin, pathname, search } = url;
  const path = pathname + search;
  dispatcher.dispatch(
    { origin, path, method, headers, body: body ?? null },
    {
      onRequestStart(started) {
        controller = started;
        // It was ended while it waited for a connection.
        if (ended) started.abort(ended.reason);
      },
      onResponseStart(_, status, received) {
        // An informational answer comes before the answer.
        if (status >= 200) attempt(() => (onBody = onResponse({ status, headers: received })));
      },
      onResponseData: (_, chunk) => attempt(() => onBody(decoder.write(chunk))),
      onResponseEnd: () =>
        attempt(() => {
          onBody(decoder.end());
          resolve();
        }),
      onResponseError: (_, error) => reject(error),
    },
  );
  return promise.finally(() => release?.());
}
