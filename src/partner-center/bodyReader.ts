import { type RequestFacts, RetriableError, UnreadableError } from '../errors.ts';
import { describeIssue, type ReadResult } from './tolerantReading.ts';

/** Reads the body of one 200 while it arrives. */
export interface BodyReader<T> {
  write(text: string): void;
  /**
   * The result, once the whole body was written.
   *
   * @throws SyntaxError for a body that is not JSON
   */
  end(): ReadResult<T>;
}

/** A reader that keeps the body as one text. `read` throws a SyntaxError if it is not JSON. */
export function readWhole<T>(read: (body: string) => ReadResult<T>): () => BodyReader<T> {
  return () => {
    let body = '';
    return {
      write(text) {
        body += text;
      },
      end: () => read(body),
    };
  };
}

/**
 * Ends the reading of a body.
 *
 * @param length of the body, in characters
 * @throws RetriableError for a body that is not JSON, UnreadableError for JSON that is not as
 * expected
 */
export function endBody<T>(
  reader: BodyReader<T>,
  length: number,
  facts: RequestFacts,
  retryAfterMs: number | undefined,
): T {
  const what = `GET ${facts.path} answered 200 with`;
  const parsed = endJson(reader);
  if (!parsed) {
    // It was truncated, or comes from something in front of the API.
    const message = `${what} ${length} characters that are no JSON`;
    throw new RetriableError('NOT_JSON', message, facts, { retryAfterMs });
  }
  if (parsed.success) return parsed.data;
  const problem = describeIssue(parsed.error);
  throw new UnreadableError('SCHEMA', `${what} a body that cannot be read: ${problem}`, facts);
}

/** `undefined` for text that is not JSON. The parser's error would quote personal data. */
function endJson<T>(reader: BodyReader<T>): ReadResult<T> | undefined {
  try {
    return reader.end();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
