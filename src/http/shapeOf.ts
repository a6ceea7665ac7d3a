import type * as z from 'zod';

/**
 * The schemas of an item that shows a row: one for each property of the row except those left out
 * by name. A column that is neither shown nor left out does not compile.
 */
export type ShapeOf<Row, LeftOut extends keyof Row = never> = Record<
  Exclude<keyof Row, LeftOut>,
  z.ZodType
> &
  Record<string, z.ZodType>;
