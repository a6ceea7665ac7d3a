import * as z from 'zod';
import type { HttpResponse } from '../network/transport.ts';
import { withoutByteOrderMark } from '../usage/exactJson.ts';
import { anyCase } from './anyCase.ts';

/** The body of an answer other than a 200. */
export interface ErrorBody {
  /** The API's own code, as text. */
  code?: string | undefined;
  /** Only for matching patterns: it may name people, and is never passed on. */
  text: string;
  /** Whether a body declared as JSON is not JSON: it was truncated. */
  isCutOff: boolean;
  /** Whether it is an HTML page, sent by something in front of the API. */
  isHtml: boolean;
}

/**
 * Both shapes an error body has: `{code, description, source}` with a code that is a number on the
 * wire and a string in the documentation (Partner Center: error codes), and API management's
 * `{statusCode, message}` (Partner Center: API throttling guidance).
 */
const schema = anyCase(
  z.object({
    // Anything longer is no code, and may contain personal data.
    code: z
      .union([z.number(), z.string().regex(/^[\w.-]{1,40}$/)])
      .optional()
      .catch(undefined),
    description: z.string().optional().catch(undefined),
    message: z.string().optional().catch(undefined),
  }),
);

export function readErrorBody({ headers, body }: HttpResponse): ErrorBody {
  const contentType = String(headers['content-type']);
  const isHtml = /\btext\/html\b/i.test(contentType) || /^\s*</.test(body);
  try {
    const parsed = schema.safeParse(JSON.parse(withoutByteOrderMark(body)));
    const { code, description, message } = parsed.data ?? {};
    const text = description ?? message ?? '';
    return { code: code === undefined ? undefined : String(code), text, isCutOff: false, isHtml };
  } catch {
    // Empty, plain text or HTML: bodies of errors are not always JSON.
    const isCutOff = body !== '' && /\bjson\b/i.test(contentType);
    return { text: '', isCutOff, isHtml };
  }
}
