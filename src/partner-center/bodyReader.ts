import { type RequestFacts, RetriableError, UnreadableError } from '../errors.ts';
import { describeIssue, type ReadResult } from './tolerantReading.ts';

/** Takes the body of one 200 as it comes. */
export interface BodyReader<T> {
  write(text: string): void;
  /**
   * Ends the reading once all of the body was written.
   *
   * @throws SyntaxError where the body is not JSON
   */
  end(): ReadResult<T>;
}

/** Keeps a body as one text, which `read` takes then; it throws a SyntaxError where it is not JSON. */
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
 * What a reader makes of a body.
 *
 * @param length of the body, in characters
 * @throws RetriableError for a body that is no JSON, and UnreadableError for another one that is not
 * what was expected
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
    // It was cut off, or comes from something in front of the API.
    const message = `${what} ${length} characters that are no JSON`;
    throw new RetriableError('NOT_JSON', message, facts, { retryAfterMs });
  }
  if (parsed.success) return parsed.data;
  const problem = describeIssue(parsed.error);
  throw new UnreadableError('SCHEMA', `${what} a body that cannot be read: ${problem}`, facts);
}

/** `undefined` for what is no JSON. The parser's error quotes the body, which may name people. */
function endJson<T>(reader: BodyReader<T>): ReadResult<T> | undefined {
  try {
    return reader.end();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
