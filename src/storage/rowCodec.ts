import type { Column, RowOf, RowShape } from '../usage/rowShape.ts';
import { columnKinds, type KindOfColumn } from './columnKinds.ts';
import type { Columns, Entity } from './columns.ts';
import type { RowKeys } from './keys.ts';
import { type Row, RowReader } from './rowReader.ts';

interface Property {
  property: string;
  /** Its column, or its first one. */
  name: string;
  isOptional: boolean;
  insteadOf: string | undefined;
  kind: KindOfColumn<unknown>;
}

/** Writes and reads the columns of rows as their shape declares them. */
export class ColumnCodec<Shape extends RowShape> {
  /** The columns that a query has to ask for, besides the keys. */
  readonly columns: readonly string[];
  readonly #properties: readonly Property[];

  constructor(shape: Shape) {
    this.#properties = Object.entries(shape).map(([property, column]) => ({
      property,
      name: column.name ?? property,
      isOptional: column.isOptional,
      insteadOf: column.insteadOf,
      kind: kindOf(column),
    }));
    const names = this.#properties.flatMap(({ kind, name }) => kind.names(name));
    this.columns = [...new Set(names)];
  }

  /** @throws RangeError for a value that its column cannot hold */
  write(columns: Columns, row: RowOf<Shape>): void {
    const values: Record<string, unknown> = row;
    for (const { property, name, insteadOf, kind } of this.#properties) {
      const value = values[property];
      if (insteadOf !== undefined && values[insteadOf] !== undefined) continue;
      if (value !== undefined) kind.write(columns, name, value);
    }
  }

  /**
   * Absent columns give no property.
   *
   * @throws StorageError `UNREADABLE_ROW`
   */
  read(reader: RowReader): RowOf<Shape> {
    const row: Record<string, unknown> = {};
    for (const { property, name, isOptional, insteadOf, kind } of this.#properties) {
      if (isOptional && !kind.has(reader, name)) continue;
      if (insteadOf !== undefined && row[insteadOf] !== undefined) continue;
      row[property] = kind.read(reader, name);
    }
    return row as RowOf<Shape>;
  }

  /** Whether a row has the first column that all have. */
  isIn(reader: RowReader): boolean {
    const first = this.#properties.find(({ isOptional }) => !isOptional);
    return first?.kind.has(reader, first.name) ?? false;
  }
}

function kindOf(column: Column): KindOfColumn<unknown> {
  if (column.kind === 'group') return groupKind(new ColumnCodec(column.shape));
  if (column.kind !== 'word') return columnKinds[column.kind] as KindOfColumn<unknown>;
  return {
    ...(columnKinds.id as KindOfColumn<unknown>),
    read: (reader, name) => reader.oneOf(name, column.words),
  };
}

function groupKind(codec: ColumnCodec<RowShape>): KindOfColumn<unknown> {
  return {
    write: (columns, _, value) => codec.write(columns, value as RowOf<RowShape>),
    read: (reader) => codec.read(reader),
    has: (reader) => codec.isIn(reader),
    names: () => [...codec.columns],
  };
}

/** Rows of one shape in a table: their columns, and the keys derived from them. */
export interface RowCodec<Shape extends RowShape> {
  /** @throws RangeError for what cannot be a key, or a value that its column cannot hold */
  toEntity: (row: RowOf<Shape>) => Entity;
  /** @throws StorageError `UNREADABLE_ROW` */
  fromRow: (table: string, row: Row) => RowOf<Shape>;
  /** @throws StorageError `UNREADABLE_ROW` */
  read: (reader: RowReader) => RowOf<Shape>;
}

export function createRowCodec<Shape extends RowShape>(
  shape: Shape,
  keysOf: (row: RowOf<Shape>) => RowKeys,
): RowCodec<Shape> {
  const columns = new ColumnCodec(shape);
  const read = (reader: RowReader) => columns.read(reader);
  return {
    toEntity(row) {
      const { partitionKey, rowKey } = keysOf(row);
      const entries: Columns = [
        ['partitionKey', partitionKey],
        ['rowKey', rowKey],
      ];
      columns.write(entries, row);
      // An object that gets its columns one by one is a dictionary to V8, which the SDK reads slowly.
      return Object.fromEntries(entries) as Entity;
    },
    fromRow: (table, row) => read(new RowReader(table, row)),
    read,
  };
}
