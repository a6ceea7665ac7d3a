/** Exact decimals: integers in units of 10^-20, the finest that Partner Center was seen to send. */
export type Scaled = bigint;

const digits = 20;
const one = 10n ** BigInt(digits);

/** The JSON number literal, without trailing zeros: `28.82860766744404945074`, `0`. */
export function toLiteral(value: Scaled): string {
  const sign = value < 0n ? '-' : '';
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % one).toString().padStart(digits, '0').replace(/0+$/, '');
  return `${sign}${magnitude / one}${fraction && `.${fraction}`}`;
}

/** Reads a plain decimal (no exponent) with up to 20 digits after the point. */
export function fromLiteral(literal: string): Scaled {
  const negative = literal.startsWith('-');
  const [whole = '0', fraction = ''] = literal.replace('-', '').split('.');
  const magnitude = BigInt(whole) * one + BigInt(fraction.padEnd(digits, '0').slice(0, digits));
  return negative ? -magnitude : magnitude;
}

/** From whole millionths and units of 10^-20; both may be sums of many days. */
export function fromParts(millionths: number, tail: number): Scaled {
  return BigInt(millionths) * 10n ** 14n + BigInt(tail);
}

/** Times a rate of up to 4 digits, truncated after the 20th digit. */
export function timesRate(value: Scaled, rate: number): Scaled {
  return (value * BigInt(Math.round(rate * 10_000))) / 10_000n;
}

/** Cost in percent of a budget, rounded to 2 digits (half up), not capped; `0` without a budget. */
export function percentLiteral(cost: Scaled, budget: Scaled | undefined): string {
  if (budget === undefined || budget <= 0n) return '0';
  const hundredths = (cost * 20_000n + budget) / (2n * budget);
  return toLiteral((hundredths * one) / 100n);
}

/** Writes a literal into JSON as it is; `JSON.stringify` of a number would round it. */
export const rawNumber: (literal: string) => unknown = (
  JSON as unknown as { rawJSON(text: string): unknown }
).rawJSON;
