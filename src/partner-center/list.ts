import type * as z from 'zod';
import { UnreadableError } from '../errors.ts';
import { parseLiteralJson } from '../usage/literalJson.ts';
import type { Call, Connection } from './connection.ts';
import { createPageReader } from './pageReader.ts';
import { type ListEnd, listPages, type PageLocation } from './paging.ts';
import { isEndOfList } from './responseError.ts';
import { describeIssue, type Reading, readTolerantly } from './tolerantReading.ts';

/** A list of the API, and how its items are read. */
export interface ApiList<Wire, Item> extends Call {
  schema: z.ZodType<Wire>;
  /** @param raw the item as received */
  convert: (reading: Reading<Wire>, raw: string) => Item;
  idOf: (item: Item) => string;
}

type ItemReading<Item> =
  | { item: Item; problem?: undefined }
  /** What is wrong with an item that cannot be read. */
  | { item?: undefined; problem: string };

/** What came of reading a list once. */
interface ListReading {
  ids: Set<string>;
  /** Of the items that cannot be read. */
  problems: string[];
  end: ListEnd;
}

/**
 * The items of a list, page by page. An item that cannot be read does not hide the others: the
 * generator goes on to the end of the list, and throws then.
 *
 * A continuation that is answered by 400 with code 2000 may be the end of the list (Microsoft's
 * Partner-Center-DotNet-Samples treat it so) or a failure, as the code stands for any bad input. In
 * doubt the list is read once more from its start in pages half as large: a list that has ended
 * names the same items again, one that fails at every continuation names fewer.
 *
 * @throws UnreadableError `LIST_BROKEN_OFF` where the second reading does not confirm the first
 */
export async function* listItems<Wire, Item>(
  connection: Connection,
  list: ApiList<Wire, Item>,
): AsyncGenerator<Item[]> {
  const first = yield* readOnce(connection, list, new Set());
  let { problems } = first;
  if (!first.end.isCertain) {
    const path = withPageSize(list.path, Math.ceil(first.end.lastPageSize / 2));
    const second = yield* readOnce(connection, { ...list, path }, first.ids);
    if (!isConfirmed(first, second)) {
      throw new UnreadableError(
        'LIST_BROKEN_OFF',
        `GET ${list.path}: a continuation was answered that the list has ended, at ` +
          `${first.ids.size} items; read once more it named ${second.ids.size}`,
        connection.factsOf(list.path),
      );
    }
    if (second.problems.length > problems.length) problems = second.problems;
  }
  if (problems.length > 0) {
    throw new UnreadableError(
      'SCHEMA',
      `GET ${list.path}: ${problems.length} items could not be read, the first: ${problems[0]}`,
      connection.factsOf(list.path),
    );
  }
}

/** Reads a list; items whose ids are `known` are not returned again. */
async function* readOnce<Wire, Item>(
  connection: Connection,
  list: ApiList<Wire, Item>,
  known: ReadonlySet<string>,
): AsyncGenerator<Item[], ListReading> {
  const ids = new Set<string>();
  const problems: string[] = [];
  const { schema, convert, idOf, path, ...call } = list;
  const readItem = (text: string): ItemReading<Item> => {
    // A copy, as a substring would keep the piece of the body in memory.
    const raw = Buffer.from(text.trim()).toString();
    const read = readTolerantly(schema, parseItem(raw));
    return read.success
      ? { item: convert(read.data, raw) }
      : { problem: describeIssue(read.error) };
  };
  const getPage = async ({ isContinuation, ...location }: PageLocation) => {
    const accepts = isContinuation ? { accepts: isEndOfList } : {};
    const streamed = { ...call, ...location, ...accepts, isStreamed: true };
    return (await connection.get(streamed, () => createPageReader(readItem)))?.value;
  };
  const { baseUrl } = connection;
  const pages = listPages({ path, baseUrl, facts: connection.factsOf(path), getPage });
  for (;;) {
    const page = await pages.next();
    if (page.done) return { ids, problems, end: page.value };
    const items: Item[] = [];
    for (const { item, problem } of page.value) {
      if (problem !== undefined) {
        problems.push(problem);
        continue;
      }
      ids.add(idOf(item));
      if (!known.has(idOf(item))) items.push(item);
    }
    yield items;
  }
}

function isConfirmed(first: ListReading, second: ListReading): boolean {
  if (!second.ids.isSupersetOf(first.ids)) return false;
  return second.end.isCertain || second.ids.size === first.ids.size;
}

/**
 * Partner Center: get a list of customers, `size`. Lists without it return the same pages again.
 */
function withPageSize(path: string, size: number): string {
  const [pathname = path, query] = path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('size', String(size));
  return `${pathname}?${parameters}`;
}

/** `undefined`, which no schema accepts, where an item is not JSON. */
function parseItem(text: string): unknown {
  try {
    return parseLiteralJson(text);
  } catch {
    return undefined;
  }
}
