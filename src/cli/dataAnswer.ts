import { toCsv } from '../http/csv.ts';
import { toNdjson } from '../http/ndjson.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Value } from '../http/rows.ts';
import { addDays } from '../usage/date.ts';
import { printJson } from './terminal.ts';

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

/** The number of a value; undefined where there is none. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'object' && value !== null ? Number(value.rawJSON) : undefined;
}

/** The day after which a daily cost begins, where it is of several days; empty where it is of one. */
export function describeCover(date: Value, daysCovered: Value): string {
  const days = Number(daysCovered ?? 0);
  if (days <= 1) return '';
  const since = new Date(addDays(String(date), -days));
  return `since ${dayOfMonth.format(since)}, ${days} days`;
}

const dayOfMonth = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

/** A value for people: an amount has two digits, exact ones are in the formats for programs. */
export function toText(value: Value): string {
  const number = typeof value === 'object' ? toNumber(value) : undefined;
  return number === undefined ? String(value ?? '') : number.toFixed(2);
}

export function toPercent(value: Value): string {
  const number = toNumber(value);
  return number === undefined ? '' : `${number.toFixed(2)} %`;
}
