import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawColumn, RawRow } from '../../src/storage/archive/rawRow.ts';
import { toRawEntity } from '../../src/storage/archive/rawRow.ts';
import { fromLine, toLine } from '../../src/storage/archive/rowLine.ts';
import { tableNames } from '../../src/storage/tableNames.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', "O'Brien", '"', '\\', '😀', '\u0000', '\u2028', '\r\n', '{"a":1}', '100'),
);
const key = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 40 })
  .filter((part) => !/[/\\#?\p{Cc}]/u.test(part));
const name = fc.oneof(
  fc.constantFrom('a', 'totalCost', 'PartitionKeys', 'constructor', 'toString', 'é', '_1', 'value'),
  fc.stringMatching(/^[a-zA-Z_][a-zA-Z\d_]{0,20}$/).filter((word) => !reserved.has(word)),
);
const reserved = new Set([
  ...['table', 'PartitionKey', 'RowKey', 'Timestamp'],
  ...['partitionKey', 'rowKey', 'timestamp', 'etag', '__proto__'],
]);

/** As .NET and JavaScript write a double, always with point or exponent. */
const double = fc.oneof(
  fc.constantFrom('100.0', '1e21', '1E+21', '-0.0', '5e-324', '1.7976931348623157E+308', '0.10'),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => (/[.e]/.test(`${value}`) ? `${value}` : `${value}.0`)),
);
const typed = <Type extends string>(type: Type, value: fc.Arbitrary<string>) =>
  value.map((literal) => ({ type, value: literal }) as const);
const column: fc.Arbitrary<RawColumn> = fc.oneof(
  text,
  fc.boolean(),
  typed('Int32', fc.integer({ min: -(2 ** 31) + 1 }).map(String)),
  typed('Double', double),
  typed('Double', fc.constantFrom('NaN', 'Infinity', '-Infinity')),
  typed('Int64', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  typed(
    'DateTime',
    fc
      .date({ noInvalidDate: true, min: new Date('1601-01-01'), max: new Date('9999-12-31') })
      .map((date) => date.toISOString()),
  ),
  typed('Guid', fc.uuid()),
  typed(
    'Binary',
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
  ),
);
const row: fc.Arbitrary<RawRow> = fc
  .record({ partitionKey: key, rowKey: key, columns: fc.dictionary(name, column) })
  .map((fields) => ({ ...fields, columns: new Map(Object.entries(fields.columns)) }));
const table = fc.constantFrom(...tableNames);

const sorted = ({ columns, ...keys }: RawRow) => ({ ...keys, columns: [...columns].toSorted() });

test('every row comes back from its line with each column, its type and its every digit', () => {
  fc.assert(
    fc.property(table, row, (of, given) => {
      const line = toLine({ table: of, row: given });
      const back = fromLine(line);
      expect(back.table).toBe(of);
      expect(sorted(back.row)).toStrictEqual(sorted(given));
      expect(toLine(back)).toBe(line);
    }),
    { numRuns: 1_000 },
  );
});

test('a row is one line, whatever its texts hold, and the same in whatever order it was written', () => {
  fc.assert(
    fc.property(table, row, (of, given) => {
      const line = toLine({ table: of, row: given });
      expect(line).not.toMatch(/[\r\n]/);
      const columns = new Map([...given.columns].reverse());
      expect(toLine({ table: of, row: { ...given, columns } })).toBe(line);
    }),
  );
});

test('a line that was cut off is an error, and never another row', () => {
  fc.assert(
    fc.property(table, row, fc.nat(), (of, given, at) => {
      const line = toLine({ table: of, row: given });
      const cut = line.slice(0, at % line.length);
      expect(() => fromLine(cut)).toThrow(RangeError);
    }),
  );
});

test('whatever JSON a line holds, it is a row or a RangeError', () => {
  fc.assert(
    fc.property(fc.json(), fc.dictionary(name, fc.jsonValue()), (json, columns) => {
      const line = { table: 'UsageByDay', PartitionKey: 'a', RowKey: 'b', ...columns };
      for (const candidate of [json, JSON.stringify(line)]) {
        try {
          fromLine(candidate);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }),
  );
});

test('the SDK is given each number with its type', () => {
  const columns = new Map<string, RawColumn>([
    ['double', { type: 'Double', value: '100.0' }],
    ['int32', { type: 'Int32', value: '100' }],
    ['int64', { type: 'Int64', value: '100' }],
    ['text', '100'],
    ['flag', true],
  ]);
  expect(toRawEntity({ partitionKey: 'p', rowKey: 'r', columns })).toEqual({
    partitionKey: 'p',
    rowKey: 'r',
    double: { type: 'Double', value: '100.0' },
    int32: { type: 'Int32', value: 100 },
    int64: { type: 'Int64', value: '100' },
    text: '100',
    flag: true,
  });
});
