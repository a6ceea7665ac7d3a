import * as z from 'zod';
import { columnsOf, type DataAnswer } from './route.ts';
import type { Row } from './rows.ts';

/** The document of a list that has only items. */
export function listOf(item: z.ZodObject) {
  return z.object({ items: z.array(item), continuation: z.null() });
}

export function answerList<Item>(
  items: readonly Item[],
  toItem: (item: Item) => Row,
  { schema, fileName }: { schema: z.ZodObject; fileName: string },
): DataAnswer {
  return {
    document: () => ({ items: items.map(toItem), continuation: null }),
    rows: () => items.values().map(toItem),
    columns: columnsOf(schema),
    fileName,
  };
}
