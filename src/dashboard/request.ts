import { parseExactly } from './exactJson.ts';
import { askForAccess, headersOfSession } from './session.ts';

export type FailureKind = 'offline' | 'access' | 'unknown' | 'notReady' | 'server';

/** Why there is no answer. */
export class RequestFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = 'RequestFailure';
    this.kind = kind;
  }
}

/** Longer than the app takes to give up on its tables. */
const timeoutMs = 60_000;

export type Query = Readonly<Record<string, string>>;

/** A path of the API; parts of the query that are empty are left out. */
export function pathOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

/**
 * Asks a route for JSON.
 *
 * @param path below `/api/`
 * @throws RequestFailure
 */
export async function ask<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
  const { content } = await request(path, 'application/json', signal);
  return parseExactly(await content.text()) as Answer;
}

/**
 * Asks a route for a file as it is.
 *
 * @param path below `/api/`
 * @throws RequestFailure
 */
export async function askFile(path: string, signal = new AbortController().signal) {
  const { content, headers } = await request(path, '*/*', signal);
  const [, name = 'answer'] =
    /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '') ?? [];
  return { name, content, isTruncated: headers.get('raw-truncated') === 'true' };
}

async function request(
  path: string,
  accept: string,
  signal: AbortSignal,
): Promise<{ content: Blob; headers: Headers }> {
  let answer: Response;
  let content: Blob;
  try {
    answer = await fetch(`/api/${path}`, {
      headers: { accept, ...headersOfSession() },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    content = await answer.blob();
  } catch (error) {
    signal.throwIfAborted();
    throw new RequestFailure('offline', error instanceof Error ? error.message : String(error));
  }
  const { status, headers } = answer;
  if (answer.ok) return { content, headers };
  if (status === 401 || status === 403) await askForAccess();
  throw new RequestFailure(kindOf(status), detailOf(await content.text()) ?? `HTTP ${status}`);
}

function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403) return 'access';
  if (status === 404) return 'unknown';
  return status === 503 ? 'notReady' : 'server';
}

/** Of `application/problem+json`; a proxy may answer anything. */
function detailOf(text: string): string | undefined {
  try {
    const { detail, errors = [] } = JSON.parse(text) as {
      detail?: string;
      errors?: { name: string; message: string }[];
    };
    const named = errors.map(({ name, message }) => `${name}: ${message}`);
    return [detail, ...named].filter(Boolean).join(' ') || undefined;
  } catch {
    return undefined;
  }
}
