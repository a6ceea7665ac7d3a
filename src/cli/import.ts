import { type FileHandle, open } from 'node:fs/promises';
import { openArchive, openDetailsArchive } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import { loadStorageConfig } from '../config/loadConfig.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import { checkDetails, describeCopied, importDetails } from './detailsFolder.ts';
import { RowProgress } from './rowProgress.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';
import { untilTerminated } from './termination.ts';

export interface ImportOptions {
  /** A folder of blobs by an export. */
  details?: string;
  json?: boolean;
}

/**
 * Imports an NDJSON export. Existing rows and blobs stay as they are. As in a run, a blob is there
 * before the rows that were computed of it.
 */
export async function importRows(
  path: string,
  { details: directory, json }: ImportOptions,
): Promise<ExitCode> {
  if (path.toLowerCase().endsWith('.csv')) {
    throw new ConfigurationError([
      `expected an export as NDJSON, got ${path}: a CSV lacks tables and columns, and is no backup`,
    ]);
  }
  const config = loadStorageConfig();
  const archive = openArchive(config);
  const details = openDetailsArchive(config);
  const names = archive.tables.map(([name]) => name);
  const added = new RowProgress(names, systemClock);
  const there = new RowProgress(names, systemClock);
  if (directory !== undefined) await checkDetails(details, directory);
  const file = await openFile(path);
  const blobs = await untilTerminated(async (signal) => {
    const copied =
      directory === undefined ? undefined : await importDetails(details, directory, signal);
    await archive.importLines(file.createReadStream({ autoClose: false }), {
      onRows(table, rows) {
        added.add(table, rows.added);
        there.add(table, rows.there);
      },
      abortSignal: signal,
    });
    return copied;
  }).finally(() => file.close());
  if (json) {
    printJson({ file: path, added: added.counts, alreadyThere: there.counts, blobs });
  } else {
    print(`${added.total} rows added, ${there.total} already there`);
    const columns: Column<string>[] = [
      { heading: 'table', value: (name) => name },
      { heading: 'added', value: (name) => added.counts[name], kind: 'number' },
      { heading: 'already there', value: (name) => there.counts[name], kind: 'number' },
    ];
    print(formatTable(columns, names));
    if (blobs) print(describeCopied(blobs, `container ${details.container}`));
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
