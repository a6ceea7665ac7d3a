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
  const value = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (!value) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // Date.parse takes far more than HTTP dates ("1" is a year to it): those name their weekday.
  if (!/^[A-Za-z]{3}/.test(value)) return undefined;
  const epochMs = Date.parse(value);
  return Number.isNaN(epochMs) ? undefined : Math.max(0, epochMs - nowMs);
}
