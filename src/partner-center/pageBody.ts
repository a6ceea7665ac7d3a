import { withoutByteOrderMark } from '../usage/exactJson.ts';
import { endOfString, parseLiteralJson } from './literalJson.ts';

/** A page of a list, its items as texts of the body. */
interface PageBody {
  /** JSON texts; absent where the body has no list of items. */
  items?: string[];
  /** All other fields of the body. */
  [name: string]: unknown;
}

/**
 * Parses the body of a page without its items: parsed all at once, these would take several times
 * the memory of their text.
 *
 * @throws SyntaxError when the text is not JSON, or ends early
 */
export function parsePage(body: string): unknown {
  const text = withoutByteOrderMark(body);
  const cut = cutItems(text, itemsAhead) ?? cutItems(text, itemsAheadInAnyCase);
  if (cut === undefined) return parseLiteralJson(text);
  const { items, start, end } = cut;
  const { items: _, ...rest } = parseLiteralJson(
    text.slice(0, start) + text.slice(end),
  ) as PageBody;
  return { ...rest, items };
}

interface Cut {
  items: string[];
  /** Of the text between the brackets. */
  start: number;
  end: number;
}

const itemsAhead = /"items"\s*:\s*\[/y;
const itemsAheadInAnyCase = /"items"\s*:\s*\[/iy;
const [quote, comma] = [0x22, 0x2c];
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);

/**
 * Finds the items of a page; undefined where there are none, or where brackets do not match.
 *
 * @param ahead matches where the items begin
 */
function cutItems(text: string, ahead: RegExp): Cut | undefined {
  const items: string[] = [];
  let depth = 0;
  let start = -1;
  let itemStart = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      ahead.lastIndex = at;
      if (depth === 1 && start === -1 && ahead.test(text)) {
        at = ahead.lastIndex - 1;
        start = at + 1;
        itemStart = start;
        depth = 2;
      } else {
        at = endOfString(text, at);
      }
    } else if (opening.has(code)) {
      depth++;
    } else if (closing.has(code)) {
      depth--;
      if (depth === 1 && itemStart !== -1) {
        const last = text.slice(itemStart, at);
        if (items.length > 0 || last.trim() !== '') items.push(last);
        return { items, start, end: at };
      }
    } else if (code === comma && depth === 2 && itemStart !== -1) {
      items.push(text.slice(itemStart, at));
      itemStart = at + 1;
    }
  }
  return undefined;
}
