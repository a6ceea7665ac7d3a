import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import type { ApiResponse } from './apiRequest.ts';
import { component } from './component.ts';

/** What is wrong with one parameter. */
export interface ParameterProblem {
  name: string;
  /** What was expected, and what was got. */
  message: string;
}

export const problemSchema = component(
  'Problem',
  z
    .object({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      errors: z
        .array(z.object({ name: z.string(), message: z.string() }))
        .meta({ description: 'Every parameter that cannot be used' })
        .optional(),
    })
    .meta({ description: 'What went wrong (RFC 9457)' }),
);

/** An answer that is an error. Its words are for the caller: no internals, keys or host names. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly ParameterProblem[];
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    detail: string,
    {
      errors = [],
      headers = {},
      ...options
    }: ErrorOptions & { errors?: ParameterProblem[]; headers?: Record<string, string> } = {},
  ) {
    super(detail, options);
    this.name = 'Problem';
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  /** As `application/problem+json` (RFC 9457). */
  toResponse(): ApiResponse {
    const { status, message: detail, errors } = this;
    const document: z.infer<typeof problemSchema> = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...(errors.length > 0 && { errors: [...errors] }),
    };
    const headers = {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...this.headers,
    };
    return { status, headers, body: JSON.stringify(document) };
  }
}
