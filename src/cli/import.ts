import { type FileHandle, open } from 'node:fs/promises';
import { openArchive } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import { loadStorageConfig } from '../config/loadConfig.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import { RowProgress } from './rowProgress.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';
import { untilTerminated } from './termination.ts';

/** Imports an NDJSON export. Existing rows stay as they are. */
export async function importRows(path: string, options: { json?: boolean }): Promise<ExitCode> {
  if (path.toLowerCase().endsWith('.csv')) {
    throw new ConfigurationError([
      `expected an export as NDJSON, got ${path}: a CSV lacks tables and columns, and is no backup`,
    ]);
  }
  const archive = openArchive(loadStorageConfig());
  const names = archive.tables.map(([name]) => name);
  const added = new RowProgress(names, systemClock);
  const there = new RowProgress(names, systemClock);
  const file = await openFile(path);
  try {
    await untilTerminated((signal) =>
      archive.importLines(file.createReadStream({ autoClose: false }), {
        onRows(table, rows) {
          added.add(table, rows.added);
          there.add(table, rows.there);
        },
        abortSignal: signal,
      }),
    );
  } finally {
    await file.close();
  }
  if (options.json) {
    printJson({ file: path, added: added.counts, alreadyThere: there.counts });
  } else {
    print(`${added.total} rows added, ${there.total} already there`);
    const columns: Column<string>[] = [
      { heading: 'table', value: (name) => name },
      { heading: 'added', value: (name) => added.counts[name], kind: 'number' },
      { heading: 'already there', value: (name) => there.counts[name], kind: 'number' },
    ];
    print(formatTable(columns, names));
  }
  return exitCodes.done;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new ConfigurationError([`expected a file to import: ${messageOf(error)}`], {
      cause: error,
    });
  }
}
