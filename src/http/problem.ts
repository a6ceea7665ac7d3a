import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import type { ApiResponse } from './apiRequest.ts';
import { component } from './component.ts';

/** Every error that the API answers: its name in the description of the API, and its meaning. */
export const problemStatuses = {
  400: ['BadRequest', 'Parameters cannot be used; all of them are named'],
  401: ['Unauthorized', 'No valid key, which the host answers without a body; or not signed in'],
  404: ['NotFound', 'There was never a row of that id'],
  405: ['MethodNotAllowed', 'Neither GET nor HEAD'],
  406: ['NotAcceptable', 'Accept takes none of the formats'],
  421: [
    'MisdirectedRequest',
    'Of the command line: the host was asked for by another name than localhost or 127.0.0.1',
  ],
  500: ['InternalServerError', 'Settings cannot be used, or something unexpected went wrong'],
  503: ['ServiceUnavailable', 'The tables cannot be read at the moment'],
} as const;
export type ProblemStatus = keyof typeof problemStatuses;

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

/** An error answer. Its text is for the caller, without internals, keys or host names. */
export class Problem extends Error {
  readonly status: ProblemStatus;
  readonly errors: readonly ParameterProblem[];
  readonly headers: Record<string, string>;

  constructor(
    status: ProblemStatus,
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
