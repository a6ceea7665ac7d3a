import type { HttpResponse } from './transport.ts';

/**
 * The wait an answer asks for, in milliseconds; `undefined` where it names none.
 *
 * Services of Azure name it in milliseconds as well, which is then the finer figure (Azure SDK:
 * `retry-after-ms`, `x-ms-retry-after-ms`). A date counts from the answer's own `Date`, where it
 * has one: the two clocks need not agree.
 *
 * @param nowMs our clock
 */
export function retryAfterOf(headers: HttpResponse['headers'], nowMs: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = firstOf(headers[name]);
    if (value !== undefined && /^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value));
  }
  const sentMs = Date.parse(firstOf(headers['date']) ?? '');
  return parseRetryAfter(headers['retry-after'], Number.isNaN(sentMs) ? nowMs : sentMs);
}

/**
 * The wait a `Retry-After` header asks for, in milliseconds from `nowMs`.
 *
 * Partner Center sends whole seconds with 429 (API throttling guidance) and an HTTP date with 204
 * (microsoft/Partner-Center-Java#115). A date that has passed means 0; a value that is
 * neither, `undefined`.
 */
export function parseRetryAfter(
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const value = firstOf(header);
  if (!value) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // Date.parse accepts more than HTTP dates ("1" is a year); HTTP dates begin with a weekday.
  if (!/^[A-Za-z]{3}/.test(value)) return undefined;
  const epochMs = Date.parse(value);
  return Number.isNaN(epochMs) ? undefined : Math.max(0, epochMs - nowMs);
}

function firstOf(header: string | readonly string[] | undefined): string | undefined {
  return (typeof header === 'string' ? header : header?.[0])?.trim();
}
