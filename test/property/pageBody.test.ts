import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePage } from '../../src/partner-center/pageBody.ts';

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

test('a page says the same whether its items are cut out of the text or parsed with it', () => {
  fc.assert(
    fc.property(page, (each) => {
      const text = write(each);
      const { items, ...rest } = parsePage(text) as { items: string[] };
      const { items: expected, ...all } = JSON.parse(text);
      expect(items.map((item) => JSON.parse(item))).toEqual(expected);
      expect(JSON.parse(JSON.stringify(rest))).toEqual(all);
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
        expect(() => parsePage(text.slice(0, Math.floor(part * text.length)))).toThrow(SyntaxError);
      },
    ),
    { numRuns: 1_000 },
  );
});

test.each([
  [
    'a page whose key is written another way',
    '{"\\u0069tems":[1.10,{"a":2}]}',
    ['1.10', '{"a":2}'],
  ],
  ['a page in which something else has items', '{"links":{"items":[1]},"items":[2]}', ['2']],
  ['a page that says "items" in a text', '{"a":"\\"items\\":[1]","items":[ 2 ]}', [' 2 ']],
  ['an empty page', '{"items":[ ]}', []],
])('%s has its own items', (_what, text, items) => {
  expect(parsePage(text)).toMatchObject({ items });
});

test.each([
  ['no items', '{"totalCount":0}', { totalCount: expect.anything() }],
  ['items that are no list', '{"items":{"a":[]}}', { items: { a: [] } }],
  ['nothing', 'null', null],
])('a body with %s is given as it is', (_what, text, expected) => {
  expect(parsePage(text)).toEqual(expected);
});
