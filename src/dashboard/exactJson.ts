/** Fields whose digits count: a double would lose some. */
const amountFields = new Set([
  'totalCost',
  'dailyCost',
  'budgetAmount',
  'percentUsed',
  'forecastTotalCost',
  'forecastLow',
  'forecastHigh',
  'expectedCost',
  'before',
  'after',
  'change',
  'unexplained',
]);

/** With the text that a value was parsed from (ECMAScript: JSON.parse source text access). */
type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

// The type of the library has no context.
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** Parses JSON with amounts as the digits that were sent. */
export function parseExactly(text: string): unknown {
  return parse(text, (key, value, context) =>
    typeof value === 'number' && amountFields.has(key) ? context?.source : value,
  );
}

/** Whether this browser has the digits: from Chromium 114, Firefox 135 and Safari 18.4 on. */
export const canParseExactly =
  parse('0.10', (_, value, context) => context?.source ?? value) === '0.10';
