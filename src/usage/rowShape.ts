import type { Amount } from './amount.ts';

/**
 * Rows declared once: each property with the kind of its value, whether it may be absent, and the
 * name of its column where that differs. The type of a row, how a table writes and reads it, and
 * which columns a query asks for are all derived from its shape.
 */
export type RowShape = Readonly<Record<string, Column>>;

/** What properties of each kind hold. */
export interface ColumnValues {
  /** An id or a code, kept as received. */
  id: string;
  /** A name, an instant and the like. */
  text: string;
  /** An error message. */
  message: string;
  /** A body of the API, as received. */
  body: string;
  /** Any number of ids, continued in further columns where one cannot hold them. */
  ids: string[];
  /** `yyyy-MM-dd`. */
  date: string;
  flag: boolean;
  /** An integer of 32 bits. */
  count: number;
  number: number;
  /** Two columns: a double for sorting, and the exact literal. */
  amount: Amount;
  /** An amount whose literal is kept only where it differs from its double as printed. */
  printedAmount: Amount;
}

interface ColumnTraits {
  readonly isOptional: boolean;
  /** Name of the column; absent where it is that of the property. */
  readonly name?: string;
  /** An earlier property that uses the same column: a row never has both. */
  readonly insteadOf?: string;
}

export interface ValueColumn extends ColumnTraits {
  readonly kind: keyof ColumnValues;
}

export interface WordColumn extends ColumnTraits {
  readonly kind: 'word';
  readonly words: readonly string[];
}

/**
 * An object whose properties are columns of the row; present where its first required column is.
 */
export interface GroupColumn extends ColumnTraits {
  readonly kind: 'group';
  readonly shape: RowShape;
}

export type Column = ValueColumn | WordColumn | GroupColumn;

/** The kinds, each for a property that is required. */
export const column = {
  id: { kind: 'id', isOptional: false },
  text: { kind: 'text', isOptional: false },
  message: { kind: 'message', isOptional: false },
  body: { kind: 'body', isOptional: false },
  ids: { kind: 'ids', isOptional: false },
  date: { kind: 'date', isOptional: false },
  flag: { kind: 'flag', isOptional: false },
  count: { kind: 'count', isOptional: false },
  number: { kind: 'number', isOptional: false },
  amount: { kind: 'amount', isOptional: false },
  printedAmount: { kind: 'printedAmount', isOptional: false },
} as const satisfies { [Kind in keyof ColumnValues]: { kind: Kind; isOptional: false } };

/** One of some fixed values. */
export function word<const Words extends readonly string[]>(...words: Words) {
  return { kind: 'word', isOptional: false, words } as const;
}

export function group<const Shape extends RowShape>(shape: Shape) {
  return { kind: 'group', isOptional: false, shape } as const;
}

type Optional<Of> = { [Name in keyof Of]: Name extends 'isOptional' ? true : Of[Name] };

/** A property that may be absent. */
export function optional<const Of extends Column>(of: Of): Optional<Of> {
  return { ...of, isOptional: true } as Optional<Of>;
}

/** A property whose column has another name. */
export function named<const Name extends string, const Of extends Column>(name: Name, of: Of) {
  return { ...of, name };
}

/** A property that a row has only where it does not have another one, which is declared earlier. */
export function insteadOf<const Of extends Column>(other: string, of: Of) {
  return { ...of, insteadOf: other };
}

type Picked<Shape, Names> = {
  [Name in keyof Shape as Name extends Names ? Name : never]: Shape[Name];
};
type Omitted<Shape, Names> = {
  [Name in keyof Shape as Name extends Names ? never : Name]: Shape[Name];
};

/** Some properties of a shape. */
export function pick<Shape extends RowShape, Name extends keyof Shape>(
  shape: Shape,
  ...names: Name[]
): Picked<Shape, Name> {
  return filter(shape, (name) => names.includes(name as Name)) as Picked<Shape, Name>;
}

/** All properties of a shape except some. */
export function omit<Shape extends RowShape, Name extends keyof Shape>(
  shape: Shape,
  ...names: Name[]
): Omitted<Shape, Name> {
  return filter(shape, (name) => !names.includes(name as Name)) as Omitted<Shape, Name>;
}

function filter(shape: RowShape, isKept: (name: string) => boolean): RowShape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => isKept(name)));
}

type ValueOf<Of> = Of extends { kind: 'word'; words: readonly (infer Word)[] }
  ? Word
  : Of extends { kind: 'group'; shape: infer Shape }
    ? RowOf<Shape>
    : Of extends { kind: infer Kind extends keyof ColumnValues }
      ? ColumnValues[Kind]
      : never;

type IsOptional<Of> = Of extends { isOptional: true } ? true : false;

/** A row of a shape. */
export type RowOf<Shape> = {
  -readonly [Name in keyof Shape as IsOptional<Shape[Name]> extends true ? never : Name]: ValueOf<
    Shape[Name]
  >;
} & {
  -readonly [Name in keyof Shape as IsOptional<Shape[Name]> extends true ? Name : never]?: ValueOf<
    Shape[Name]
  >;
};

/** The names of a shape's columns; of an amount only that of its double. */
export type ColumnNameOf<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends { kind: 'group'; shape: infer Inner }
    ? ColumnNameOf<Inner>
    : Shape[Name] extends { name: infer Other extends string }
      ? Other
      : Name;
}[keyof Shape];
