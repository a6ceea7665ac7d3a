import Big from 'big.js';

/**
 * An exact decimal: the number literal of the JSON it came from (`28.82860766744404945074`).
 * A JavaScript number would keep 15 to 17 of its digits; Partner Center sends up to 20 after the
 * point.
 */
export type Amount = string & { readonly brand: 'Amount' };

/** A number as JSON writes it (RFC 8259, section 6). */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Above any sum of all customers; big.js would write out each digit of `1e999999`. */
const largestMagnitude = 1e21;

/** Partner Center sends some 25 characters; a column holds a limited number. */
const longestLiteral = 200;

/**
 * Takes a JSON number literal as an amount.
 *
 * @throws RangeError when the text is no JSON number, or is beyond 10^21
 */
export function parseAmount(literal: string): Amount {
  if (!jsonNumber.test(literal)) {
    throw new RangeError(`expected a JSON number, got ${JSON.stringify(literal.slice(0, 40))}`);
  }
  if (literal.length > longestLiteral) {
    throw new RangeError(`expected up to ${longestLiteral} characters, got ${literal.length}`);
  }
  if (Math.abs(Number(literal)) > largestMagnitude) {
    throw new RangeError(`expected an amount within ±10^21, got ${literal.slice(0, 40)}`);
  }
  return literal as Amount;
}

/** A result calculated from amounts, with all its digits. */
export function toAmount(value: Big): Amount {
  return value.toFixed() as Amount;
}

export function isZero(amount: Amount): boolean {
  return Number(amount) === 0;
}

/** The nearest double, for sorting and for columns that spreadsheets read. */
export function toNumber(amount: Amount): number {
  return Number(amount);
}

/**
 * Cost in percent of a budget, unrounded; `undefined` without a budget or with one of 0 or less.
 */
export function percentOf(cost: Amount, budget: Amount | undefined): Big | undefined {
  if (budget === undefined) return undefined;
  const whole = new Big(budget);
  return whole.lte(0) ? undefined : new Big(cost).times(100).div(whole);
}

/** Whether two amounts differ by more than `max(1, 10 % of the larger)`. */
export function isMismatch(one: Amount, other: Amount): boolean {
  const a = new Big(one);
  const b = new Big(other);
  const larger = a.abs().gt(b.abs()) ? a.abs() : b.abs();
  const tolerance = larger.times('0.1');
  return a
    .minus(b)
    .abs()
    .gt(tolerance.gt(1) ? tolerance : 1);
}
