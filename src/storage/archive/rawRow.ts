import type { RawNumber } from '../../usage/exactJson.ts';
import type { RowKeys } from '../keys.ts';

/** A value of a type that JSON lacks, as the text that Table Storage uses for it. */
export interface RawValue {
  type: 'Int32' | 'Double' | 'Int64' | 'DateTime' | 'Guid' | 'Binary';
  value: string;
}

/** A column with its type. Numbers stay literals, so that no digit is lost. */
export type RawColumn = string | boolean | RawValue;

/** A row as it is stored, with any columns; without etag and `Timestamp`. */
export interface RawRow extends RowKeys {
  columns: ReadonlyMap<string, RawColumn>;
}

/** The same for the SDK. */
export interface RawEntity extends RowKeys {
  [column: string]: string | boolean | { type: RawValue['type']; value: string | number };
}

const annotation = '@odata.type';

/** Table Storage: a column is named as an identifier of C#, with at most 255 characters. */
const columnName = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,254}$/u;
/**
 * `table` names the table of an exported row; four of these have another meaning in the SDK (its
 * `propertyCaseMap`); the rest are the service's own, or cannot be the property of an object.
 */
const reservedNames = new Set([
  ...['table', 'partitionKey', 'rowKey', 'etag', 'timestamp', 'Timestamp', '__proto__'],
]);

const largestInt32 = 2 ** 31 - 1;
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const base64 = /^([A-Za-z\d+/]{4})*([A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/**
 * Types that Table Storage writes as a string with a type annotation (Table service: payload
 * format).
 */
const textTypes: readonly { type: RawValue['type']; holds(text: string): boolean }[] = [
  { type: 'Int64', holds: isInt64 },
  { type: 'DateTime', holds: (text) => dateTime.test(text) },
  { type: 'Guid', holds: (text) => guid.test(text) },
  { type: 'Binary', holds: (text) => base64.test(text) },
  { type: 'Double', holds: (text) => /^(NaN|-?Infinity)$/.test(text) },
];

/**
 * Reads a row from its JSON, parsed by `parseExactJson`: the service's own, or a line of an export.
 *
 * @throws RangeError naming the key or column, and what was expected
 */
export function toRawRow(json: Readonly<Record<string, unknown>>): RawRow {
  const { PartitionKey: partitionKey, RowKey: rowKey, ...rest } = json;
  if (typeof partitionKey !== 'string') throw expected('PartitionKey', 'a string', partitionKey);
  if (typeof rowKey !== 'string') throw expected('RowKey', 'a string', rowKey);
  const columns = new Map<string, RawColumn>();
  for (const [name, value] of Object.entries(rest)) {
    if (name.endsWith(annotation)) {
      if (Object.hasOwn(rest, name.slice(0, -annotation.length))) continue;
      throw new RangeError(`expected a column beside ${show(name)}, got none`);
    }
    if (!columnName.test(name) || reservedNames.has(name)) {
      throw new RangeError(`expected the name of a column, got ${show(name)}`);
    }
    columns.set(name, toColumn(name, value, rest[name + annotation]));
  }
  return { partitionKey, rowKey, columns };
}

/** The JSON of a row, its columns by name: the same row is the same text wherever it is stored. */
export function toJsonFields({ partitionKey, rowKey, columns }: RawRow): Record<string, unknown> {
  const fields: Record<string, unknown> = { PartitionKey: partitionKey, RowKey: rowKey };
  for (const name of [...columns.keys()].sort()) {
    const column = columns.get(name);
    if (typeof column !== 'object') {
      fields[name] = column;
    } else if (isNumber(column)) {
      fields[name] = JSON.rawJSON(column.value);
    } else {
      fields[name + annotation] = `Edm.${column.type}`;
      fields[name] = column.value;
    }
  }
  return fields;
}

/** The row for the SDK, which writes each typed value with its type. */
export function toRawEntity({ partitionKey, rowKey, columns }: RawRow): RawEntity {
  const entity: RawEntity = { partitionKey, rowKey };
  for (const [name, column] of columns) {
    const isInt32 = typeof column === 'object' && column.type === 'Int32';
    entity[name] = isInt32 ? { type: 'Int32', value: Number(column.value) } : column;
  }
  return entity;
}

/** Whether a value is written as a JSON number. */
export function isNumber({ type, value }: RawValue): boolean {
  return type === 'Int32' || (type === 'Double' && /^-?\d/.test(value));
}

function toColumn(name: string, value: unknown, type: unknown): RawColumn {
  if (type === undefined) {
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (JSON.isRawJSON(value)) return toNumber(name, value);
  } else if (typeof value === 'string') {
    const known = textTypes.find((textType) => `Edm.${textType.type}` === type);
    if (known?.holds(value)) return { type: known.type, value };
  } else if (type === 'Edm.Double' && JSON.isRawJSON(value)) {
    return { type: 'Double', value: asDouble(value.rawJSON) };
  }
  const as = type === undefined ? '' : ` as ${show(type)}`;
  throw expected(
    name,
    'a string, a boolean, a number, or a string that its @odata.type fits',
    value,
    as,
  );
}

/** OData: a number with point or exponent is a Double, and one without is an Int32. */
function toNumber(name: string, { rawJSON }: RawNumber): RawValue {
  if (/[.e]/i.test(rawJSON)) {
    if (Number.isFinite(Number(rawJSON))) return { type: 'Double', value: rawJSON };
    throw new RangeError(`expected column ${name} to fit a Double, got a larger number`);
  }
  if (Math.abs(Number(rawJSON)) <= largestInt32) return { type: 'Int32', value: rawJSON };
  throw new RangeError(
    `expected column ${name} to be an Int32, a Double with point or exponent, or a string of ` +
      `@odata.type Edm.Int64, got an integer beyond 32 bits`,
  );
}

function asDouble(literal: string): string {
  return /[.e]/i.test(literal) ? literal : `${literal}.0`;
}

function isInt64(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** Names the kind of value that was there, not the value: a row holds names and figures. */
function expected(name: string, what: string, value: unknown, as = ''): RangeError {
  return new RangeError(`expected column ${name} to be ${what}, got ${kindOf(value)}${as}`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (JSON.isRawJSON(value)) return 'a number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function show(name: unknown): string {
  return JSON.stringify(String(name).slice(0, 80));
}
