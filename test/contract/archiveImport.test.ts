import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { Archive } from '../../src/storage/archive/archive.ts';
import { createTables, type Tables } from '../../src/storage/tables.ts';
import { importInto } from '../support/archives.ts';
import { readRawRows } from '../support/rawRows.ts';

let azurite: EmbeddedAzurite;
let tables: Tables;
let archive: Archive;
let prefixes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
beforeEach(async () => {
  tables = createTables(azurite, { prefix: `i${++prefixes}` });
  archive = new Archive(tables);
  await tables.ensureTables();
});
afterAll(() => azurite?.stop());

describe('an import', () => {
  const lineOf = (rowKey: string, columns = '"a":"new"', partitionKey = 'p') =>
    `{"table":"UsageByDay","PartitionKey":"${partitionKey}","RowKey":"${rowKey}",${columns}}\n`;

  it('leaves rows that are there as they are, and adds those between them', async () => {
    for (const rowKey of ['b', 'd']) {
      await tables.usageByDay.createEntity({ partitionKey: 'p', rowKey, a: 'old' });
    }
    const lines = ['a', 'b', 'c', 'd', 'e'].map((key) => lineOf(key));
    expect(await importInto(archive, ...lines)).toEqual({ UsageByDay: { added: 3, there: 2 } });
    const rows = (await readRawRows(tables.usageByDay)).map((row) => JSON.parse(row));
    expect(rows.map(({ RowKey, a }) => [RowKey, a])).toEqual([
      ['a', 'new'],
      ['b', 'old'],
      ['c', 'new'],
      ['d', 'old'],
      ['e', 'new'],
    ]);
  });

  it('writes nothing where every row of a batch is there', async () => {
    const lines = ['a', 'b', 'c'].map((key) => lineOf(key));
    await importInto(archive, ...lines);
    const write = vi.spyOn(tables.usageByDay, 'submitTransaction');
    expect(await importInto(archive, ...lines)).toEqual({ UsageByDay: { added: 0, there: 3 } });
    expect(write).not.toHaveBeenCalled();
  });

  it('of a key that stands more than once keeps the first, however slowly it is written', async () => {
    const { usageByDay } = tables;
    const create = usageByDay.createEntity.bind(usageByDay);
    usageByDay.createEntity = async (...args) => {
      usageByDay.createEntity = create;
      for (let reads = 0; reads < 20; reads++) await readRawRows(usageByDay);
      return create(...args);
    };
    const lines = [lineOf('a', '"a":1'), lineOf('a', '"a":2'), lineOf('b'), lineOf('a', '"a":3')];
    expect(await importInto(archive, ...lines)).toEqual({ UsageByDay: { added: 2, there: 2 } });
    expect(await readRawRows(usageByDay)).toEqual([
      '{"PartitionKey":"p","RowKey":"a","a":1}',
      '{"PartitionKey":"p","RowKey":"b","a":"new"}',
    ]);
  });

  it('of one partition and key in two tables, or one key in two partitions, has each', async () => {
    const ofRun = lineOf('a').replace('UsageByDay', 'SnapshotRuns');
    expect(await importInto(archive, lineOf('a'), ofRun, lineOf('a', '"a":1', 'q'))).toEqual({
      UsageByDay: { added: 2, there: 0 },
      SnapshotRuns: { added: 1, there: 0 },
    });
  });

  it('gives way to a writer that is faster, and adds the rest of the batch', async () => {
    const { usageByDay } = tables;
    const submit = usageByDay.submitTransaction.bind(usageByDay);
    usageByDay.submitTransaction = async (...args) => {
      usageByDay.submitTransaction = submit;
      await usageByDay.createEntity({ partitionKey: 'p', rowKey: 'b', a: 'faster' });
      return submit(...args);
    };
    const lines = ['a', 'b', 'c'].map((key) => lineOf(key));
    const counts = await importInto(archive, ...lines);
    expect(counts).toEqual({ UsageByDay: { added: 2, there: 1 } });
    const rows = (await readRawRows(usageByDay)).map((row) => JSON.parse(row).a);
    expect(rows).toEqual(['new', 'faster', 'new']);
  });

  it('takes a last line without its end, a file cut anywhere, white space, and none', async () => {
    const bytes = Buffer.from(`${lineOf('a', '"a":"😀"')}\r\n \n${lineOf('b').trimEnd()}`);
    const each = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await importInto(archive, ...each)).toEqual({ UsageByDay: { added: 2, there: 0 } });
    expect(await readRawRows(tables.usageByDay)).toContain(
      '{"PartitionKey":"p","RowKey":"a","a":"😀"}',
    );
    expect(await importInto(archive)).toEqual({});
  });

  it('of rows too large for one transaction takes as many as they need', async () => {
    const columns = Array.from(Array(8), (_, index) => `"a${index}":"${'x'.repeat(32_000)}"`);
    const lines = Array.from(Array(30), (_, index) => lineOf(`r${index}`, columns.join()));
    expect(await importInto(archive, ...lines)).toEqual({ UsageByDay: { added: 30, there: 0 } });
  });

  it.each([
    ['no JSON', '{"table":', 'expected a JSON object, got text that is no JSON'],
    ['a list', '[]', 'expected a JSON object, got another value'],
    ['an unknown table', '{"table":"Lease","PartitionKey":"p"}', 'expected table to be one of'],
    [
      'no key',
      '{"table":"UsageByDay","PartitionKey":"p"}',
      'expected column RowKey to be a string',
    ],
    ['a key that cannot be', lineOf('a/b'), 'expected RowKey of 1 to 1024 whole characters'],
    ['null', lineOf('c', '"a":null'), 'expected column a to be a string, a boolean, a number'],
    ['an object', lineOf('c', '"a":{"b":1}'), 'got an object'],
    ['a list in a column', lineOf('c', '"a":[1]'), 'got a list'],
    ['an unknown type', lineOf('c', '"a":"1","a@odata.type":"Edm.Byte"'), 'a string as "Edm.Byte"'],
    ['text of another type', lineOf('c', '"a":"x","a@odata.type":"Edm.Int64"'), 'as "Edm.Int64"'],
    ['a type without its column', lineOf('c', '"a@odata.type":"Edm.Int64"'), 'got none'],
    ['a large integer', lineOf('c', '"a":4294967296'), 'an integer beyond 32 bits'],
    ['no column name', lineOf('c', '"a b":1'), 'expected the name of a column, got "a b"'],
    ['a time', lineOf('c', '"Timestamp":"x"'), 'expected the name of a column, got "Timestamp"'],
    ['too long a text', lineOf('c', `"a":"${'x'.repeat(32_769)}"`), 'at most 32768 UTF-16 units'],
    [
      'a row above 1 MiB',
      lineOf('c', Array.from(Array(17), (_, i) => `"a${i}":"${'x'.repeat(32_000)}"`).join()),
      'expected a row of at most 1048576 bytes, got 1088',
    ],
    [
      'too many bytes',
      lineOf('c', `"a@odata.type":"Edm.Binary","a":"${'A'.repeat(90_000)}"`),
      'column a of at most 65536 bytes, got 67500',
    ],
    ['half a character', lineOf('c', '"a":"\\ud83d"'), 'whole Unicode characters'],
    ['other bytes than UTF-8', Uint8Array.of(0x22, 0xff), 'expected UTF-8, got other bytes'],
    [
      'the lease',
      '{"table":"SnapshotRuns","PartitionKey":"lease","RowKey":"snapshot"}',
      'expected a run, got the lease',
    ],
  ])('stops at a line with %s, names it, and keeps what stood before it', async (_, bad, why) => {
    const file = [lineOf('a'), '\n', lineOf('b'), bad, '\n', lineOf('d')];
    await expect(importInto(archive, ...file)).rejects.toThrow(/^line 4: /);
    await expect(importInto(archive, ...file)).rejects.toThrow(why);
    const rows = (await readRawRows(tables.usageByDay)).map((row) => JSON.parse(row).RowKey);
    expect(rows).toEqual(['a', 'b']);
  });

  it('quotes nothing of a line that it cannot read', async () => {
    for (const bad of ['{"customerName":"Secret Ltd"', lineOf('c', '"a":["Secret Ltd"]')]) {
      const error = await importInto(archive, bad).catch(String);
      expect(error).toMatch(/line 1: /);
      expect(error).not.toContain('Secret');
    }
  });
});
