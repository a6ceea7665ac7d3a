import type { Amount } from './amount.ts';

/**
 * Rows declared once: of each property the kind of its value, whether it may be absent, and what its
 * column is called where it has another name. The type of a row, how a table writes and reads it,
 * and which columns a query asks for all follow from its shape.
 */
export type RowShape = Readonly<Record<string, Column>>;

/** What properties of each kind hold. */
export interface ColumnValues {
  /** An id or a code, kept as it came. */
  id: string;
  /** A name, an instant and the like. */
  text: string;
  /** What went wrong, in words. */
  message: string;
  /** What the API answered, as received. */
  body: string;
  /** Ids, however many: what one column does not hold goes on in further ones. */
  ids: string[];
  /** `yyyy-MM-dd`. */
  date: string;
  flag: boolean;
  /** An integer of 32 bits. */
  count: number;
  number: number;
  /** A double for those who sort, beside the literal that loses nothing. */
  amount: Amount;
  /** An amount whose literal is kept only where its double prints another one. */
  printedAmount: Amount;
}

interface ColumnTraits {
  readonly isOptional: boolean;
  /** What the table calls it; absent: as the property. */
  readonly name?: string;
  /** A property before it with which it shares its column: a row never has both. */
  readonly insteadOf?: string;
}

export interface ValueColumn extends ColumnTraits {
  readonly kind: keyof ColumnValues;
}

export interface WordColumn extends ColumnTraits {
  readonly kind: 'word';
  readonly words: readonly string[];
}

/** An object whose properties are columns of the row; it is there where its first required one is. */
export interface GroupColumn extends ColumnTraits {
  readonly kind: 'group';
  readonly shape: RowShape;
}

export type Column = ValueColumn | WordColumn | GroupColumn;

/** The kinds, each of a property that is always there. */
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

/** One of some words. */
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

/** A property that a row has only where it does not have another one, which is declared before. */
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

/** All properties of a shape but some. */
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

/** The names of a shape's columns; of an amount that of its double alone. */
export type ColumnNameOf<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends { kind: 'group'; shape: infer Inner }
    ? ColumnNameOf<Inner>
    : Shape[Name] extends { name: infer Other extends string }
      ? Other
      : Name;
}[keyof Shape];
