import type * as z from 'zod';

/**
 * The schemas of an item that shows a row: one for each property of the row but those left out by
 * name, so that a column which is neither shown nor left out does not compile.
 */
export type ShapeOf<Row, LeftOut extends keyof Row = never> = Record<
  Exclude<keyof Row, LeftOut>,
  z.ZodType
> &
  Record<string, z.ZodType>;
