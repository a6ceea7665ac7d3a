import { describe, expect, it } from 'vitest';
import type { CallOptions } from '../../../src/callOptions.ts';
import { createMemoryStores } from '../../../src/storage/createStores.ts';
import type { EntityTable } from '../../../src/storage/entityTable.ts';
import { FencedTable } from '../../../src/storage/fencedTable.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';

const entity = { partitionKey: 'p', rowKey: 'r' };

/** A table behind a fence, and the calls that have passed it. */
function createFenced(kind: 'rows' | 'record' = 'rows') {
  const passed: { method: string; options: CallOptions }[] = [];
  const behind = new Proxy(new MemoryTable('Some'), {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        passed.push({ method: String(name), options: args.at(-1) as CallOptions });
        return value.apply(target, args);
      };
    },
  });
  const signals = { rows: new AbortController().signal, record: new AbortController().signal };
  const lost = new AbortController();
  const fence = {
    assertWritable: () => lost.signal.throwIfAborted(),
    callSignal: (asked: 'rows' | 'record') => signals[asked],
  };
  const table = new FencedTable(behind, fence, kind);
  return { table, passed, signals, lose: () => lost.abort(new Error('lost')) };
}

type Call = (table: EntityTable, options: CallOptions) => unknown;
const writes: [string, Call][] = [
  ['upsert', (table, options) => table.upsert([], options)],
  ['upsertEach', (table, options) => table.upsertEach([], options)],
  ['insert', (table, options) => table.insert(entity, options)],
  ['replace', (table, options) => table.replace(entity, '1', options)],
];
const range = { partitions: { from: 'a', to: 'z' } };
const reads: [string, Call][] = [
  ['get', (table, options) => table.get('p', 'r', options)],
  ['getDated', (table, options) => table.getDated('p', 'r', options)],
  ['list', (table, options) => Array.fromAsync(table.list(range, options))],
];

describe('the stores of a run', () => {
  it('ask for the runs’ records what ends those, and else what ends rows', async () => {
    const asked: string[] = [];
    const fence = {
      assertWritable: () => {},
      callSignal: (kind: string) => {
        asked.push(kind);
        return new AbortController().signal;
      },
    };
    const stores = createMemoryStores().openStores(fence);
    const day = '2026-03-14';
    const range = { from: day, to: day };
    await Array.fromAsync(stores.snapshotRuns.list(range));
    await Array.fromAsync(stores.usageByDay.listDay(day));
    await Array.fromAsync(stores.usageByCustomer.listTotals(range));
    await Array.fromAsync(stores.budgetAlerts.listUndelivered(day));
    expect(asked).toEqual(['record', 'rows', 'rows', 'rows']);
  });
});

describe('a table behind a fence', () => {
  it.each(writes)('lets no %s pass once nothing may be written any more', async (_, write) => {
    const { table, passed, lose } = createFenced();
    await write(table, {});
    expect(passed).toHaveLength(1);
    lose();
    await expect(write(table, {})).rejects.toThrow('lost');
    expect(passed).toHaveLength(1);
  });

  it.each(reads)('still lets %s pass then', async (method, read) => {
    const { table, passed, lose } = createFenced();
    lose();
    await read(table, {});
    expect(passed.map((call) => call.method)).toEqual([method]);
  });

  it.each([...writes, ...reads])('ends %s when the fence says', async (_, call) => {
    for (const kind of ['rows', 'record'] as const) {
      const { table, passed, signals } = createFenced(kind);
      await call(table, { abortSignal: new AbortController().signal });
      expect(passed[0]?.options.abortSignal).toBe(signals[kind]);
    }
  });

  it('has no method that is not asked here', () => {
    const methods = Object.getOwnPropertyNames(FencedTable.prototype);
    const asked = [...writes, ...reads].map(([name]) => name);
    expect(methods.filter((name) => name !== 'constructor').sort()).toEqual(asked.sort());
  });
});
