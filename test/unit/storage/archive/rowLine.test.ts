import { expect, it } from 'vitest';
import { fromLine } from '../../../../src/storage/archive/rowLine.ts';

const keys = { table: 'UsageByDay', PartitionKey: 'p', RowKey: 'r' };
const lineOf = (columns: number) => {
  const named = Array.from({ length: columns }, (_, index) => [`c${index}`, 'x']);
  return JSON.stringify({ ...keys, ...Object.fromEntries(named) });
};

/** A row of whole columns, and one of what is left: each character counts two bytes. */
function lineOfBytes(bytes: number): string {
  const [whole, column] = [32_768, 8 + 2 * 'c10'.length + 4];
  let left = bytes - 4 - 2 * 'pr'.length;
  const texts: string[] = [];
  for (; left > column; left -= column) {
    texts.push('株'.repeat(Math.min(whole, (left - column) / 2)));
    left -= 2 * (texts.at(-1)?.length ?? 0);
  }
  const named = texts.map((text, index) => [`c${10 + index}`, text]);
  return JSON.stringify({ ...keys, ...Object.fromEntries(named) });
}

it('takes a row of as many columns as Table Storage does beside the keys, and none of more', () => {
  expect(fromLine(lineOf(252)).row.columns.size).toBe(252);
  expect(() => fromLine(lineOf(253))).toThrow('expected at most 252 columns, got 253');
});

it('takes a row of up to 1 MiB as Table Storage counts it, texts in UTF-16, and none above', () => {
  expect(fromLine(lineOfBytes(1024 * 1024)).row.columns.size).toBe(16);
  expect(() => fromLine(lineOfBytes(1024 * 1024 + 2))).toThrow(
    'expected a row of at most 1048576 bytes, got 1048578',
  );
});

it('counts a value of each other type by its own size', () => {
  const values = {
    ...{ int32: 1, double: 1.5, isTrue: true, isFalse: false },
    ...{ 'int64@odata.type': 'Edm.Int64', int64: '1' },
    ...{ 'guid@odata.type': 'Edm.Guid', guid: '44908a11-641b-4c53-b7fc-0f2bfca8a581' },
    ...{ 'instant@odata.type': 'Edm.DateTime', instant: '2026-03-14T02:30:00Z' },
    ...{ 'bytes@odata.type': 'Edm.Binary', bytes: 'AAH+/w==' },
  };
  const names = ['int32', 'double', 'isTrue', 'isFalse', 'int64', 'guid', 'instant', 'bytes'];
  const bytes = names.length * 8 + 2 * names.join('').length + 4 + 8 + 1 + 1 + 8 + 16 + 8 + (4 + 4);
  const others = lineOfBytes(1024 * 1024 - bytes);
  const line = (text: string) => JSON.stringify({ ...JSON.parse(text), ...values });
  expect(fromLine(line(others)).row.columns.size).toBe(16 + names.length);
  expect(() => fromLine(line(lineOfBytes(1024 * 1024 - bytes + 2)))).toThrow('got 1048578');
});

it('takes as many bytes in a column as Table Storage does, and none more', () => {
  const lineOfBinary = (length: number) => {
    const a = Buffer.alloc(length).toString('base64');
    return JSON.stringify({ ...keys, 'a@odata.type': 'Edm.Binary', a });
  };
  expect(fromLine(lineOfBinary(65_536)).row.columns.size).toBe(1);
  expect(() => fromLine(lineOfBinary(65_537))).toThrow(
    'expected column a of at most 65536 bytes, got 65537',
  );
});
