import { parseExactJson } from '../../usage/exactJson.ts';
import { isTableName, type TableName, tableNames } from '../tableNames.ts';
import { type RawColumn, type RawRow, type RawValue, toJsonFields, toRawRow } from './rawRow.ts';

/** A row and its table, named without the prefix of the deployment. */
export interface TableRow {
  table: TableName;
  row: RawRow;
}

/** Table Storage: a key holds at most 1,024 characters, and none of these. */
const longestKey = 1_024;
const forbiddenInKey = /[/\\#?\p{Cc}]/u;
/**
 * Table Storage: a column holds 64 KiB, a text in UTF-16; a row holds 252 besides keys and time.
 */
const longestText = 32_768;
const maxBinaryBytes = 64 * 1024;
const maxColumns = 252;
/** Table Storage: an entity is at most 1 MiB. */
const maxRowBytes = 1024 * 1024;

/** Bytes of a value of a fixed size, as Table Storage counts them. */
const valueBytes: Record<Exclude<RawValue['type'], 'Binary'>, number> = {
  Int32: 4,
  Int64: 8,
  Double: 8,
  DateTime: 8,
  Guid: 16,
};

/**
 * A row as a line of NDJSON, without its end:
 *
 * `{"table":"SnapshotRuns","PartitionKey":"2026-03-14","RowKey":"…","requests":100,…}`
 *
 * Types are marked as in Table Storage's own JSON: an Int32 is an integer, a Double has a point or
 * an exponent, other types have `"<name>@odata.type"`. Columns are sorted by name.
 */
export function toLine({ table, row }: TableRow): string {
  return JSON.stringify({ table, ...toJsonFields(row) });
}

/**
 * Reads a line back, and checks that Table Storage can hold the row as it is.
 *
 * @throws RangeError with what was expected and got; it quotes names, but no values
 */
export function fromLine(text: string): TableRow {
  const { table, ...fields } = parseObject(text);
  if (typeof table !== 'string' || !isTableName(table)) {
    throw new RangeError(`expected table to be one of ${tableNames.join(', ')}, got another`);
  }
  const row = toRawRow(fields);
  checkKey('PartitionKey', row.partitionKey);
  checkKey('RowKey', row.rowKey);
  if (row.columns.size > maxColumns) {
    throw new RangeError(`expected at most ${maxColumns} columns, got ${row.columns.size}`);
  }
  for (const [name, column] of row.columns) {
    if (typeof column === 'string') checkText(name, column);
    else if (typeof column === 'object') checkValue(name, column);
  }
  const bytes = measure(row);
  if (bytes > maxRowBytes) {
    throw new RangeError(`expected a row of at most ${maxRowBytes} bytes, got ${bytes}`);
  }
  return { table, row };
}

function parseObject(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = parseExactJson(text);
  } catch {
    // The engine's message quotes the text.
    throw new RangeError('expected a JSON object, got text that is no JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json) || JSON.isRawJSON(json)) {
    throw new RangeError('expected a JSON object, got another value');
  }
  return { ...json };
}

function checkKey(name: string, key: string): void {
  if (key === '' || key.length > longestKey || forbiddenInKey.test(key) || !key.isWellFormed()) {
    throw new RangeError(
      `expected ${name} of 1 to ${longestKey} whole characters without / \\ # ? and control ` +
        `characters, got ${key.length} characters`,
    );
  }
}

function checkText(name: string, text: string): void {
  if (text.length > longestText) {
    throw new RangeError(
      `expected column ${name} of at most ${longestText} UTF-16 units, got ${text.length}`,
    );
  }
  if (!text.isWellFormed()) {
    throw new RangeError(`expected column ${name} of whole Unicode characters, got half of one`);
  }
}

function checkValue(name: string, { type, value }: RawValue): void {
  const bytes = type === 'Binary' ? binaryBytes(value) : 0;
  if (bytes <= maxBinaryBytes) return;
  throw new RangeError(`expected column ${name} of at most ${maxBinaryBytes} bytes, got ${bytes}`);
}

/** Bytes of a row as the service counts them (Azure Storage billing: the size of an entity). */
function measure({ partitionKey, rowKey, columns }: RawRow): number {
  let bytes = 4 + 2 * (partitionKey.length + rowKey.length);
  for (const [name, column] of columns) bytes += 8 + 2 * name.length + bytesOf(column);
  return bytes;
}

function bytesOf(column: RawColumn): number {
  if (typeof column === 'boolean') return 1;
  if (typeof column === 'string') return 4 + 2 * column.length;
  const { type, value } = column;
  return type === 'Binary' ? 4 + binaryBytes(value) : valueBytes[type];
}

function binaryBytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}
