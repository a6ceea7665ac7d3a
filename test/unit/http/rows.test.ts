import { describe, expect, test } from 'vitest';
import { toCsv } from '../../../src/http/csv.ts';
import { toNdjson } from '../../../src/http/ndjson.ts';
import type { Row } from '../../../src/http/rows.ts';

async function csv(columns: string[], rows: Row[]): Promise<string> {
  return (await Array.fromAsync(toCsv(columns, rows))).join('');
}

/** The one cell that a value becomes. */
async function cell(value: Row[string]): Promise<string> {
  const text = await csv(['name', 'value', 'end'], [{ name: 'a', value, end: 'z' }]);
  const [, line = ''] = text.split(/\r\n(?=a,)/);
  return line.slice('a,'.length, -',z\r\n'.length);
}

describe('CSV', () => {
  test('has a header, an order of columns, and CRLF after each line', async () => {
    const rows = [{ b: 1, a: 'x', c: 'not asked for' }, { a: 'y' }];
    expect(await csv(['a', 'b'], rows)).toBe('a,b\r\nx,1\r\ny,\r\n');
  });

  test('of no rows is its header', async () => {
    expect(await csv(['a', 'b'], [])).toBe('a,b\r\n');
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠SUM(A1)', "'＠SUM(A1)"],
    ['a=1', 'a=1'],
    ['a\t=1', 'a\t=1'],
    [' a', ' a'],
    ['', ''],
  ])('the text %j is no formula: %j', async (text, expected) => {
    expect(await cell(text)).toBe(expected);
  });

  test.each([
    ...[' ', '   ', '\u00a0', '\u1680', '\u2003', '\u202f', '\u205f', '\u3000', '\u2028', '\v'],
    ...['\ufeff', '\u200b', '\u200c', '\u200d', '\u2060', '\u00ad', '\u180e', '\u202e', '\u3164'],
    ...['\u0000', '\u001b', '\u0085', '\u{e0041}', ' \ufeff\u00a0 '],
  ])('nor is one behind %j, which a spreadsheet passes over or nobody sees', async (before) => {
    for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t']) {
      expect(await cell(`${before}${sign}1`)).toBe(`'${before}${sign}1`);
      expect(await cell(`${before}a${sign}1`)).toBe(`${before}a${sign}1`);
    }
    expect(await cell(`${before}\r1`)).toBe(`"'${before}\r1"`);
    expect(await cell(`${before}\n=1`)).toBe(`"'${before}\n=1"`);
  });

  test('a formula in the name of a column is none either', async () => {
    expect(await csv(['=a'], [])).toBe("'=a\r\n");
  });

  test.each([
    [JSON.rawJSON('-5.2'), '-5.2'],
    [JSON.rawJSON('28.82860766744404945074'), '28.82860766744404945074'],
    [JSON.rawJSON('-1e-7'), '-1e-7'],
    [-5.25, '-5.25'],
    [0, '0'],
    [true, 'true'],
    [false, 'false'],
    [null, ''],
    [undefined, ''],
    ['', ''],
  ])('the value %j is written %s', async (value, expected) => {
    expect(await cell(value)).toBe(expected);
  });

  test.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['株式会社 😀', '株式会社 😀'],
    ['a;b', 'a;b'],
  ])('the text %j is quoted as RFC 4180 says: %j', async (text, expected) => {
    expect(await cell(text)).toBe(expected);
  });

  test('has no byte order mark', async () => {
    expect((await csv(['a'], [])).charCodeAt(0)).toBe('a'.charCodeAt(0));
  });
});

describe('NDJSON', () => {
  test('is a document a line, with every digit', async () => {
    const rows = [
      { a: JSON.rawJSON('0.10'), b: 'line\nbreak' },
      { a: null, b: true },
    ];
    const text = (await Array.fromAsync(toNdjson(rows))).join('');
    expect(text).toBe('{"a":0.10,"b":"line\\nbreak"}\n{"a":null,"b":true}\n');
  });

  test('of no rows is empty', async () => {
    expect(await Array.fromAsync(toNdjson([]))).toEqual([]);
  });
});

describe('a table of many rows', () => {
  test('takes them up as they are wanted, and lets go of their source when nobody wants more', async () => {
    for (const write of [(rows: AsyncIterable<Row>) => toCsv(['a'], rows), toNdjson]) {
      let taken = 0;
      let isLetGo = false;
      const rows = (async function* () {
        try {
          for (; ; taken++) yield { a: taken };
        } finally {
          isLetGo = true;
        }
      })();
      let pieces = 0;
      for await (const _piece of write(rows)) if (++pieces === 3) break;
      expect(taken).toBeLessThan(1_000);
      expect(isLetGo).toBe(true);
    }
  });

  test('loses none between its pieces', async () => {
    const rows = Array.from({ length: 1_001 }, (_, a) => ({ a }));
    const lines = (await csv(['a'], rows)).trimEnd().split('\r\n').slice(1);
    expect(lines).toEqual(rows.map(({ a }) => String(a)));
  });
});
