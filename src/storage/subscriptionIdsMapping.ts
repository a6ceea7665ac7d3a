import { type Columns, longestColumn } from './columns.ts';
import type { RowReader } from './rowReader.ts';

/** Beyond 10 columns a row would near the 1 MiB of an entity: some 8,000 subscriptions. */
const mostColumns = 10;

/**
 * The ids as JSON lists. One column holds some 800; the rest goes on in `subscriptionIds2` and so
 * forth, each a list of its own, so that no customer is too large to be kept.
 *
 * @throws RangeError when they need more than 10 columns
 */
export function subscriptionIdColumns(ids: readonly string[] | undefined): Columns {
  if (ids === undefined) return {};
  const lists: string[][] = [[]];
  let length = 2;
  for (const id of ids) {
    const added = JSON.stringify(id).length + 1;
    if (length + added > longestColumn) {
      lists.push([]);
      length = 2;
    }
    lists.at(-1)?.push(id);
    length += added;
  }
  if (lists.length > mostColumns) {
    throw new RangeError(`expected at most ${mostColumns} columns of ids, got ${lists.length}`);
  }
  return Object.fromEntries(lists.map((list, index) => [columnName(index), JSON.stringify(list)]));
}

export function subscriptionIdsFrom(reader: RowReader): string[] | undefined {
  if (!reader.has(columnName(0))) return undefined;
  const ids: string[] = [];
  for (let index = 0; index < mostColumns && reader.has(columnName(index)); index++) {
    ids.push(...reader.json(columnName(index), 'a JSON list of strings', toStrings));
  }
  return ids;
}

function toStrings(json: unknown): string[] {
  if (Array.isArray(json) && json.every((item) => typeof item === 'string')) return json;
  throw new TypeError('expected a list of strings');
}

function columnName(index: number): string {
  return index === 0 ? 'subscriptionIds' : `subscriptionIds${index + 1}`;
}
