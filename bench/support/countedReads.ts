import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { startPageServer } from '../../test/support/pageServer.ts';
import type { CountingTables, TableCounts } from './countingTables.ts';

/** The requests to the tables of one read over HTTP. */
export interface CountedRead {
  path: string;
  /** As JSON. */
  answer: unknown;
  durationMs: number;
  tables: TableCounts;
}

/** Asks the API for each path once, over tables that count, at an instant. */
export async function countReads(
  tables: CountingTables,
  nowMs: number,
  paths: readonly string[],
): Promise<CountedRead[]> {
  const { connectionString } = tables;
  const stores = createStores(createTables({ connectionString }));
  const server = await startPageServer(stores, () => nowMs);
  try {
    const reads: CountedRead[] = [];
    for (const path of paths) {
      tables.takeCounts();
      const startMs = performance.now();
      const response = await fetch(`${server.url}/api/${path}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: expected 200, got ${response.status} ${text}`);
      const durationMs = performance.now() - startMs;
      reads.push({ path, answer: JSON.parse(text), durationMs, tables: tables.takeCounts() });
    }
    return reads;
  } finally {
    await server.close();
  }
}
