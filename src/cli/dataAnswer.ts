import { toCsv } from '../http/csv.ts';
import { toNdjson } from '../http/ndjson.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row, Value } from '../http/rows.ts';
import { formatTable, printJson } from './terminal.ts';

/** Formats for programs: the same documents and rows as over HTTP. */
export type DataFormat = 'json' | 'csv' | 'ndjson';

export async function printAnswer(answer: DataAnswer, format: DataFormat): Promise<void> {
  if (format === 'json') {
    printJson(answer.document());
    return;
  }
  const rows = answer.rows();
  const texts = format === 'csv' ? toCsv(answer.columns, rows) : toNdjson(rows);
  for await (const text of texts) process.stdout.write(text);
}

/** A column of a table for people. */
export interface TableColumn {
  heading: string;
  /** Name of the row's value, or a function of the row. */
  value: string | ((row: Row) => string);
  /** Numbers are right-aligned. */
  isNumber?: boolean;
}

/**
 * Rows as a table for people: amounts have two digits, exact ones are in the formats for programs.
 */
export function formatRows(rows: Iterable<Row>, columns: readonly TableColumn[]): string {
  return formatTable(
    columns.map(({ heading }) => heading),
    Array.from(rows, (row) =>
      columns.map(({ value }) => (typeof value === 'string' ? toText(row[value]) : value(row))),
    ),
    columns.filter(({ isNumber }) => isNumber).map(({ heading }) => heading),
  );
}

/** The number of a value; undefined where there is none. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'object' && value !== null ? Number(value.rawJSON) : undefined;
}

/** An amount, or a percentage with its sign. */
export function toText(value: Value): string {
  const number = typeof value === 'object' ? toNumber(value) : undefined;
  return number === undefined ? String(value ?? '') : number.toFixed(2);
}

export function toPercent(value: Value): string {
  const number = toNumber(value);
  return number === undefined ? '' : `${number.toFixed(2)} %`;
}
