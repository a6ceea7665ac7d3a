import type { Archive, ArchiveDates } from '../../src/storage/archive/archive.ts';

const abortSignal = new AbortController().signal;

/** The text of the file. */
export async function exportFrom(from: Archive, dates: ArchiveDates = {}): Promise<string> {
  const chunks = from.exportLines(dates, { onRows() {}, abortSignal });
  return (await Array.fromAsync(chunks)).join('');
}

/** @returns rows added and rows that were there, by table */
export async function importInto(into: Archive, ...chunks: (string | Uint8Array)[]) {
  const counts: Record<string, { added: number; there: number }> = {};
  const bytes = async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  };
  await into.importLines(bytes(), {
    onRows(table, rows) {
      const { added, there } = counts[table] ?? { added: 0, there: 0 };
      counts[table] = { added: added + rows.added, there: there + rows.there };
    },
    abortSignal,
  });
  return counts;
}
