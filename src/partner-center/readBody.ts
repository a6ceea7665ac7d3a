import { type RequestFacts, RetriableError, UnreadableError } from '../errors.ts';
import { describeIssue, type ReadResult } from './tolerantReading.ts';

/** Reads the body of a 200; throws a SyntaxError where it is not JSON. */
export type ReadBody<T> = (body: string) => ReadResult<T>;

/**
 * @throws RetriableError for a body that is not JSON, UnreadableError for JSON that is not as
 * expected
 */
export function readBody<T>(
  body: string,
  read: ReadBody<T>,
  facts: RequestFacts,
  retryAfterMs: number | undefined,
): T {
  const what = `GET ${facts.path} answered 200 with`;
  const parsed = parseBody(body, read);
  if (!parsed) {
    // It was truncated, or comes from something in front of the API.
    throw new RetriableError(
      'NOT_JSON',
      `${what} ${body.length} characters that are no JSON`,
      facts,
      {
        retryAfterMs,
      },
    );
  }
  if (parsed.success) return parsed.data;
  const problem = describeIssue(parsed.error);
  throw new UnreadableError('SCHEMA', `${what} a body that cannot be read: ${problem}`, facts);
}

/** `undefined` for text that is not JSON. The parser's error would quote personal data. */
function parseBody<T>(body: string, read: ReadBody<T>): ReadResult<T> | undefined {
  try {
    return read(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
