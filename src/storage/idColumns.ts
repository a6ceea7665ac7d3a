import { type Columns, longestColumn } from './columns.ts';
import type { RowReader } from './rowReader.ts';

/** With more than 10 columns (some 8,000 ids) a row would approach the 1 MiB of an entity. */
const maxColumns = 10;

/**
 * Ids as JSON lists. One column holds some 800; the rest continues in `<name>2` and so forth, each
 * column with a list of its own.
 *
 * @throws RangeError when they need more than 10 columns
 */
export function writeIds(columns: Columns, name: string, ids: readonly string[]): void {
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
  if (lists.length > maxColumns) {
    throw new RangeError(`expected at most ${maxColumns} columns of ids, got ${lists.length}`);
  }
  for (const [index, list] of lists.entries()) {
    columns.push([idColumnName(name, index), JSON.stringify(list)]);
  }
}

export function idsFrom(reader: RowReader, name: string): string[] {
  const ids: string[] = [];
  for (const each of idColumnNames(name)) {
    if (!reader.has(each)) break;
    ids.push(...reader.json(each, 'a JSON list of strings', toStrings));
  }
  return ids;
}

export function idColumnNames(name: string): string[] {
  return Array.from({ length: maxColumns }, (_, index) => idColumnName(name, index));
}

function idColumnName(name: string, index: number): string {
  return index === 0 ? name : `${name}${index + 1}`;
}

function toStrings(json: unknown): string[] {
  if (Array.isArray(json) && json.every((item) => typeof item === 'string')) return json;
  throw new TypeError('expected a list of strings');
}
