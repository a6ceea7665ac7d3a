/** Ordered lists of a day, each currency by itself, and their pages. */

/** Where an item stands in a list: the largest first, those without a value last. */
export interface Place {
  /** Absent where values of all currencies can be compared. */
  currency?: string | undefined;
  /** Only for sorting: items keep their digits. */
  value?: number | undefined;
  /** Of the item, unlike that of all others. */
  id: string;
}

/** A place that stays valid while rows are added and removed. */
export interface Position extends Place {
  /** The order of the currencies, which would change with their numbers of items. */
  currencies: readonly string[];
}

export interface Placed<Item> {
  item: Item;
  place: Place;
}

export interface PageQuery {
  /** Maximum of items; default: all. */
  top?: number | undefined;
  /** Where the page before ended. */
  after?: Position | undefined;
}

export interface Page<Item> {
  items: Item[];
  /** For the next page; absent at the end. */
  next?: Position;
}

/**
 * A page of a list. Amounts of different currencies cannot be compared, so items are grouped by
 * currency, the one with the largest number of them first.
 *
 * @param all in any order; it is sorted
 */
export function takePage<Item>(
  all: Placed<Item>[],
  { after, top = all.length }: PageQuery,
): Page<Item> {
  const currencies = orderCurrencies(all, after?.currencies);
  const compare = comparerOf(currencies);
  all.sort((one, other) => compare(one.place, other.place));
  const start = after ? all.findIndex(({ place }) => compare(place, after) > 0) : 0;
  const page = start === -1 ? [] : all.slice(start, start + top);
  const last = page.at(-1);
  const isEnd = start === -1 || start + top >= all.length;
  return {
    items: page.map(({ item }) => item),
    ...(last && !isEnd && { next: { ...last.place, currencies } }),
  };
}

/** Those of the page before in their order, then the others by their number of items. */
function orderCurrencies(
  all: readonly Placed<unknown>[],
  before: readonly string[] = [],
): string[] {
  const counts = new Map<string, number>();
  for (const {
    place: { currency },
  } of all) {
    if (currency !== undefined) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  }
  const others = [...counts].filter(([currency]) => !before.includes(currency));
  others.sort(([a, ofA], [b, ofB]) => ofB - ofA || compareTexts(a, b));
  return [...before, ...others.map(([currency]) => currency)];
}

function comparerOf(currencies: readonly string[]) {
  const places = new Map(currencies.map((currency, place) => [currency, place]));
  const rank = ({ currency = '' }: Place) => places.get(currency) ?? places.size;
  return (one: Place, other: Place): number =>
    rank(one) - rank(other) || descending(one.value, other.value) || compareTexts(one.id, other.id);
}

function descending(one = Number.NEGATIVE_INFINITY, other = Number.NEGATIVE_INFINITY): number {
  return one === other ? 0 : other > one ? 1 : -1;
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
