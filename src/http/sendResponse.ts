import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ApiResponse } from './apiRequest.ts';

/**
 * Sends an answer piece by piece: waits for a client that reads slowly, and stops for one that
 * disconnects.
 *
 * @throws Error where the answer broke off
 */
export async function sendResponse(
  response: ServerResponse,
  { status, headers, body }: ApiResponse,
): Promise<void> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const length = body !== undefined && { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length }).end(body);
    return;
  }
  response.writeHead(status, headers);
  try {
    await pipeline(Readable.from(body), response);
  } catch (error) {
    if (!isPrematureClose(error)) throw error;
  }
}

/** Whether the client has closed the connection, which is not an error. */
function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
