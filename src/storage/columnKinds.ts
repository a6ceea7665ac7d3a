import { clip } from '../text.ts';
import type { ColumnValues } from '../usage/rowShape.ts';
import {
  type Columns,
  type ColumnValue,
  doubleColumn,
  int32Column,
  longestColumn,
  writeAmount,
  writePrintedAmount,
} from './columns.ts';
import { idColumnNames, idsFrom, writeIds } from './idColumns.ts';
import { dateKey } from './keys.ts';
import type { RowReader } from './rowReader.ts';

/** How a table stores the values of one kind. */
export interface KindOfColumn<Value> {
  write(columns: Columns, name: string, value: Value): void;
  /** @throws StorageError `UNREADABLE_ROW` */
  read(reader: RowReader, name: string): Value;
  has(reader: RowReader, name: string): boolean;
  /** The columns from which it is read. */
  names(name: string): string[];
}

function plain<Value>(
  toColumn: (value: Value) => ColumnValue,
  read: KindOfColumn<Value>['read'],
): KindOfColumn<Value> {
  return {
    write: (columns, name, value) => columns.push([name, toColumn(value)]),
    read,
    has: (reader, name) => reader.has(name),
    names: (name) => [name],
  };
}

/** Names, instants and the like are much shorter; a column could hold much more. */
const longestText = 1_000;
const longestMessage = 4_000;

/** Cut between characters: half of one would be changed when it is sent as UTF-8. */
const clippedText = (longest: number) =>
  plain(
    (value: string) => clip(value, longest),
    (reader, name) => reader.string(name),
  );

export const columnKinds: { [Kind in keyof ColumnValues]: KindOfColumn<ColumnValues[Kind]> } = {
  id: plain(
    (value) => value,
    (reader, name) => reader.string(name),
  ),
  text: clippedText(longestText),
  message: clippedText(longestMessage),
  body: clippedText(longestColumn),
  date: plain(dateKey, (reader, name) => reader.date(name)),
  flag: plain(
    (value) => value,
    (reader, name) => reader.boolean(name),
  ),
  count: plain(int32Column, (reader, name) => reader.integer(name)),
  number: plain(doubleColumn, (reader, name) => reader.number(name)),
  ids: {
    write: writeIds,
    read: idsFrom,
    has: (reader, name) => reader.has(name),
    names: idColumnNames,
  },
  amount: {
    write: writeAmount,
    read: (reader, name) => reader.amount(name),
    has: (reader, name) => reader.has(name) || reader.has(`${name}Exact`),
    // Read from the literal alone; the double adds nothing.
    names: (name) => [`${name}Exact`],
  },
  printedAmount: {
    write: writePrintedAmount,
    read: (reader, name) => reader.printedAmount(name),
    has: (reader, name) => reader.has(name),
    names: (name) => [name, `${name}Exact`],
  },
};
