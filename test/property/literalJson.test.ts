import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PageSplitter } from '../../src/partner-center/pageReader.ts';
import { parseLiteralJson } from '../../src/usage/literalJson.ts';

/** The items as they stood there, and the rest of the page, of a text that comes in these pieces. */
function split(pieces: readonly string[]) {
  const items: string[] = [];
  const splitter = new PageSplitter((text) => items.push(text));
  for (const piece of pieces) splitter.write(piece);
  return { items, rest: splitter.end() };
}

/** A text cut at these places. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => Math.floor(place * text.length)), text.length];
  let start = 0;
  return ends
    .toSorted((one, other) => one - other)
    .map((end) => {
      const piece = text.slice(start, end);
      start = end;
      return piece;
    });
}
const places = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  maxLength: 8,
});

/** Each number as its text. */
function withLiterals(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
    typeof each === 'number' ? JSON.stringify(each) : each,
  );
}

/** JSON as anybody may write it: spaces anywhere, escapes, and every kind of item. */
const space = fc.constantFrom('', ' ', '\n\t', '\r\n  ');
const key = fc.oneof(
  fc.constantFrom('items', 'links', 'attributes', 'it"ems', '\\', '{', '],', 'naïve 🙂'),
  fc.string(),
);
const value = fc.jsonValue({ maxDepth: 4 });
const page = fc.record({
  before: fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }),
  items: fc.array(value, { maxLength: 6 }),
  after: fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }),
  indent: fc.constantFrom(0, 1, '\t'),
  space,
});
const without = ({ items: _, ['__proto__']: __, ...rest }: Record<string, unknown>) => rest;

function write({
  before,
  items,
  after,
  indent,
  space,
}: typeof page extends fc.Arbitrary<infer T> ? T : never) {
  const members = [
    ...Object.entries(without(before)).map(([name, each]) => [name, each] as const),
    ['items', items] as const,
    ...Object.entries(without(after))
      .filter(([name]) => !(name in without(before)))
      .map(([name, each]) => [name, each] as const),
  ];
  const texts = members.map(
    ([name, each]) =>
      `${space}${JSON.stringify(name)}${space}:${space}${JSON.stringify(each, undefined, indent)}${space}`,
  );
  return `{${texts.join(',')}}`;
}

test('a page says the same whether it comes in pieces, item by item, or is parsed as a whole', () => {
  fc.assert(
    fc.property(page, places, (each, cuts) => {
      const text = write(each);
      const { items, rest } = split(cut(text, cuts));
      const { items: expected, ...all } = JSON.parse(text);
      expect(items.map((item) => JSON.parse(item))).toEqual(expected);
      expect(rest).toEqual(withLiterals({ ...all, items: [] }));
    }),
    { numRuns: 1_000 },
  );
});

test('a page that ends early is no JSON, wherever it ends', () => {
  fc.assert(
    fc.property(
      page,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (each, part) => {
        const text = write(each);
        const start = text.slice(0, Math.floor(part * text.length));
        expect(() => split([start])).toThrow(SyntaxError);
      },
    ),
    { numRuns: 1_000 },
  );
});

test.each([
  ['a page in which something else has items', '{"links":{"items":[1]},"items":[2]}', ['2']],
  ['a page that says "items" in a text', '{"a":"\\"items\\":[1]","items":[ 2 ]}', [' 2 ']],
  ['an empty page', '{"items":[ ]}', []],
  ['a page whose list ends with a comma', '{"items":[1,]}', ['1', '']],
  ['a page in another case', '{"Items":[ 2 ]}', [' 2 ']],
  ['a page in two cases', '{"ITEMS":[1],"items":[2]}', ['1', '2']],
  ['a page with a byte order mark', '\uFEFF{"items":[2]}', ['2']],
])('%s has its own items', (_what, text, items) => {
  expect(split([text]).items).toEqual(items);
  expect(split([...text]).items).toEqual(items);
});

test.each([
  ['no items', '{"totalCount":0}', { totalCount: '0' }],
  ['items that are no list', '{"items":{"a":[]}}', { items: { a: [] } }],
  ['nothing', 'null', null],
  ['no page but a list', '[1,[2]]', ['1', ['2']]],
  ['no page but a list that says "items"', '["items",[2]]', ['items', ['2']]],
])('a body with %s is given as it is', (_what, text, expected) => {
  expect(split([text])).toEqual({ items: [], rest: expected });
});

test('JSON is read as anybody reads it, but for its numbers', () => {
  const text = fc.oneof(
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(value, undefined, '\t')),
  );
  fc.assert(
    fc.property(text, (each) => {
      expect(parseLiteralJson(each)).toEqual(withLiterals(JSON.parse(each)));
    }),
    { numRuns: 2_000 },
  );
});

test('a number keeps every digit and sign that it was sent with', () => {
  const text = '{"a":1.00000000000000000001,"b":[100,1e-7,-0,0.10,1E+2],"c":"1.0","-1":-1}';
  expect(parseLiteralJson(`\uFEFF${text}`)).toEqual({
    a: '1.00000000000000000001',
    b: ['100', '1e-7', '-0', '0.10', '1E+2'],
    c: '1.0',
    '-1': '-1',
  });
});

test.each([
  '',
  '-',
  '[01]',
  '[1.]',
  '[1 2]',
  '[.5]',
  '[1e]',
  '{"a":1',
  '"a',
  '[+1]',
  '1-1',
  '\uFEFF\uFEFF1',
])('what is no JSON is refused: %s', (text) => {
  expect(() => parseLiteralJson(text)).toThrow(SyntaxError);
});
