import { expect, it } from 'vitest';
import { toCsv } from '../../../../src/http/csv.ts';
import type { RawColumn } from '../../../../src/storage/archive/rawRow.ts';
import { toUsageFields, usageColumns } from '../../../../src/storage/archive/usageFields.ts';

const row = (columns: Record<string, RawColumn>) => ({
  partitionKey: 'p',
  rowKey: 'r',
  columns: new Map(Object.entries(columns)),
});

/** The rows as an export writes them, below its header. */
async function csvOf(...rows: ReturnType<typeof row>[]): Promise<string> {
  const [, ...texts] = await Array.fromAsync(toCsv(usageColumns, rows.map(toUsageFields)));
  return texts.join('');
}

/** The one cell of a row with this column. */
async function cellOf(columns: Record<string, RawColumn>): Promise<string> {
  const line = await csvOf(row(columns));
  return line.replace(/\r\n$/, '').replace(/^,+|,+$/g, '');
}

it('has a header of column names in a fixed order, and ends each line with CRLF', async () => {
  expect(await Array.fromAsync(toCsv(usageColumns, []))).toEqual([
    'snapshotDate,resource,outcome,customerId,customerName,' +
      'subscriptionId,subscriptionName,subscriptionStatus,partnerOnRecord,offerId,' +
      'plan,currency,totalCost,usdTotalCost,budgetAmount,percentUsed,' +
      'billingStartDate,billingEndDate,lastModifiedDate,currencyCode,currencyLocale,' +
      'capturedAt,runId,errorPhase,errorStatus,errorCode,errorMessage,correlationId,requestId,' +
      'customerDomain\r\n',
  ]);
});

it('leaves the cells of columns that a row does not have empty', async () => {
  const empty = (cells: number) => ','.repeat(usageColumns.length - cells);
  expect(await csvOf(row({ resource: 'customer' }), row({ outcome: 'failed' }))).toBe(
    `,customer${empty(2)}\r\n,,failed${empty(3)}\r\n`,
  );
});

it.each([
  [{ totalCost: double('28.82860766744405'), totalCostExact: '28.82860766744404945074' }],
  [{ totalCost: double('-5.2'), totalCostExact: '-5.2' }],
  [{ totalCost: double('100.0'), totalCostExact: '100' }],
  [{ usdTotalCost: double('1e-7'), usdTotalCostExact: '1E-7' }],
])('an amount is its literal, to the last digit: %j', async (columns) => {
  expect(await cellOf(columns)).toBe(Object.values(columns)[1]);
});

it('a number without a literal beside it is written without the point that its type needs', async () => {
  expect(await cellOf({ budgetAmount: double('500.0') })).toBe('500');
  expect(await cellOf({ percentUsed: double('-5.77') })).toBe('-5.77');
  expect(await cellOf({ errorStatus: { type: 'Int32', value: '503' } })).toBe('503');
});

it.each([
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['+1', "'+1"],
  ['-5.2', "'-5.2"],
  ['@SUM(1)', "'@SUM(1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
])('the text %j is no formula', async (customerName, cell) => {
  expect(await cellOf({ customerName })).toBe(cell);
});

it('a literal that is no number is a text, and no formula', async () => {
  expect(await cellOf({ totalCostExact: '-1+cmd|A1' })).toBe("'-1+cmd|A1");
});

it.each([
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['two\nlines', '"two\nlines"'],
  ['Müller 😀', 'Müller 😀'],
])('the text %j is quoted where it has to be', async (customerName, cell) => {
  expect(await cellOf({ customerName })).toBe(cell);
});

function double(value: string): RawColumn {
  return { type: 'Double', value };
}
