/**
 * Errors, by what a run does about them.
 *
 * | class | the run |
 * |---|---|
 * | `ConfigurationError` | does not start; every problem is listed |
 * | `FatalError` | stops: every other request would fail as well (the sign-in host refuses) |
 * | `UnauthorizedError` | fails this customer, and stops once three in a row got this error |
 * | `ApiPausedError` | stops: Partner Center asks for a longer pause than the run has left |
 * | `RetriableError` | tries again, and fails this customer once the tries are used up |
 * | `RefusedError` | goes on: this customer or subscription alone is refused |
 * | `UnreadableError` | fails this customer: the answer is not what the API documents |
 *
 * Messages name the request and what was expected. They never hold a token, a secret or a body.
 */

/** What is known of the request an error belongs to. */
export interface RequestFacts {
  method?: string;
  /** Path without host and query. */
  path?: string;
  /** HTTP status, absent where no answer came. */
  status?: number;
  /** `MS-CorrelationId` of the run, for a support case with Microsoft. */
  correlationId?: string;
  /** `MS-RequestId` of the call, for a support case with Microsoft. */
  requestId?: string;
}

/** Settings or arguments that cannot be used; `problems` has one line for each. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIGURATION';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/** Base of everything that went wrong with a request to Partner Center or its sign-in host. */
export abstract class RequestError extends Error {
  /** The API's own code (`20002`), an AADSTS code, or one of ours (`HTTP_503`, `TIMEOUT`). */
  readonly code: string;
  readonly facts: RequestFacts;

  constructor(code: string, message: string, facts: RequestFacts = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.facts = facts;
  }
}

export class FatalError extends RequestError {}

/** The answer refuses the sign-in: a 401, or a 403 with a code that says so. */
export class UnauthorizedError extends RequestError {}

export class RetriableError extends RequestError {
  /** What the answer asked for by `Retry-After`, in milliseconds; absent where it named none. */
  readonly retryAfterMs?: number;

  constructor(
    code: string,
    message: string,
    facts: RequestFacts = {},
    options: ErrorOptions & { retryAfterMs?: number | undefined } = {},
  ) {
    super(code, message, facts, options);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

export class RefusedError extends RequestError {}

export class UnreadableError extends RequestError {}

/** Partner Center asked for a pause of all requests that is longer than the caller can wait. */
export class ApiPausedError extends Error {
  readonly code = 'API_PAUSED';
  readonly pauseMs: number;

  constructor(pauseMs: number) {
    super(`Partner Center asked for a pause of ${Math.round(pauseMs / 1000)} s`);
    this.name = 'ApiPausedError';
    this.pauseMs = pauseMs;
  }
}

/** A row that cannot be stored because of its content. */
export interface RefusedRow {
  /** Its index among the rows to write. */
  index: number;
  /** The table's own code, or `UNWRITABLE_ROW` where it was not even sent. */
  code: string;
  /** HTTP status; absent where it was not sent. */
  status?: number;
  message: string;
}

/** Some of several independent rows were refused; all the others are written. */
export class RowsRefusedError extends Error {
  readonly code = 'ROWS_REFUSED';
  readonly rows: readonly RefusedRow[];

  constructor(rows: readonly RefusedRow[]) {
    super(`${rows.length} rows could not be stored, the first as ${rows[0]?.message}`);
    this.name = 'RowsRefusedError';
    this.rows = rows;
  }
}

/** Whether a row exists and cannot be read: another try fails as well. */
export function isUnreadableRow(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'UNREADABLE_ROW';
}

/** The message of a thrown value, which need not be an Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
