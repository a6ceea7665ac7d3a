import { parseLiteralJson } from '../usage/literalJson.ts';
import type { BodyReader } from './bodyReader.ts';
import { pageSchema, type WirePage } from './wire.ts';

/** A page of a list and its items. */
export type Page<Item> = Omit<WirePage, 'items'> & {
  /** Absent where the body has no list of items. */
  items?: Item[];
};

/**
 * Reads a page item by item while it arrives: the page of all customers, parsed at once, would take
 * several times the memory of its text.
 *
 * @param readItem reads an item from its JSON text
 */
export function createPageReader<Item>(readItem: (text: string) => Item): BodyReader<Page<Item>> {
  const read: Item[] = [];
  const splitter = new PageSplitter((text) => read.push(readItem(text)));
  return {
    write: (text) => splitter.write(text),
    end() {
      const parsed = pageSchema.safeParse(splitter.end());
      if (!parsed.success) return parsed;
      const { items, ...page } = parsed.data;
      return { success: true, data: { ...page, ...(items && { items: read }) } };
    },
  };
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openingBrace, openingBracket, closingBrace, closingBracket] = [0x7b, 0x5b, 0x7d, 0x5d];
const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];
const itemsName = '"items"';

/** Cuts the items out of the text of a page, which comes in pieces of any length. */
export class PageSplitter {
  readonly #onItem: (text: string) => void;
  /** The text without its items. */
  #rest = '';
  #item = '';
  #hasItems = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInItems = false;
  /** Whether the text so far ends with the name of the items. */
  #isItemsNext = false;

  /** @param onItem gets the text of each item, with the spaces around it */
  constructor(onItem: (text: string) => void) {
    this.#onItem = onItem;
  }

  write(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#isInString) {
        at = this.#endOfString(text, at);
        if (this.#isInItems || this.#depth !== 1) continue;
        this.#rest += text.slice(from, at + 1);
        from = at + 1;
        this.#isItemsNext = this.#rest.slice(-itemsName.length).toLowerCase() === itemsName;
      } else if (code === quote) {
        this.#isInString = true;
        this.#isItemsNext = false;
      } else if (code === openingBracket && this.#isItemsNext) {
        this.#rest += text.slice(from, at + 1);
        from = at + 1;
        this.#isItemsNext = false;
        this.#isInItems = true;
        this.#hasItems = false;
        this.#depth = 2;
      } else if (code === openingBrace || code === openingBracket) {
        this.#depth++;
        this.#isItemsNext = false;
      } else if (code === closingBrace || code === closingBracket) {
        this.#depth--;
        this.#isItemsNext = false;
        if (!this.#isInItems || this.#depth !== 1) continue;
        this.#item += text.slice(from, at);
        from = at;
        this.#isInItems = false;
        if (this.#hasItems || this.#item.trim() !== '') this.#give();
        this.#item = '';
      } else if (code === comma && this.#isInItems && this.#depth === 2) {
        this.#item += text.slice(from, at);
        from = at + 1;
        this.#give();
      } else if (code !== colon && !isSpace(code)) {
        this.#isItemsNext = false;
      }
    }
    if (this.#isInItems) this.#item += text.slice(from);
    else this.#rest += text.slice(from);
  }

  /**
   * The page, its list of items empty.
   *
   * @throws SyntaxError for a text that is not JSON, or ends early
   */
  end(): unknown {
    return parseLiteralJson(this.#rest);
  }

  #give(): void {
    this.#hasItems = true;
    const item = this.#item;
    this.#item = '';
    this.#onItem(item);
  }

  /** The closing quote of the string that continues at `start`, or the end of the text. */
  #endOfString(text: string, start: number): number {
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#isEscaped) {
        this.#isEscaped = false;
      } else if (code === backslash) {
        this.#isEscaped = true;
      } else if (code === quote) {
        this.#isInString = false;
        return at;
      }
    }
    return text.length;
  }
}

function isSpace(code: number): boolean {
  return code === space || code === lineFeed || code === carriageReturn || code === tab;
}
