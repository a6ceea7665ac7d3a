import {
  type Archive,
  type DetailsArchive,
  openArchive,
  openDetailsArchive,
} from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import { loadStorageConfig } from '../config/loadConfig.ts';
import { messageOf } from '../errors.ts';
import { type Answers, isConfirmed } from './confirmation.ts';
import { RowProgress } from './rowProgress.ts';
import { formatCounts } from './table.ts';
import { type ExitCode, exitCodes, print, printJson, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';

export interface RemovalOptions {
  yes?: boolean;
  json?: boolean;
}

export interface RemovedRows {
  /** For the question and the answer: `rows of customer …`. */
  what: string;
  /** Further notes for the user. */
  notes: readonly string[];
  /** Fields of the `--json` output that identify them. */
  head: Record<string, string>;
  /** What they are, for the question; absent where that says enough. */
  describe?(archive: Archive, options: { abortSignal: AbortSignal }): Promise<string>;
  remove(archive: Archive, options: Parameters<Archive['prune']>[1]): Promise<void>;
  /** The records below plans: returns how many blobs were removed. */
  removeBlobs(details: DetailsArchive, options: { abortSignal: AbortSignal }): Promise<number>;
}

/** Removes rows and then blobs, after a confirmation, and prints how many of each. */
export async function removeRows(
  { what, notes, head, describe, remove, removeBlobs }: RemovedRows,
  { yes, json }: RemovalOptions,
  answers?: Answers,
): Promise<ExitCode> {
  const config = loadStorageConfig();
  const archive = openArchive(config);
  const details = openDetailsArchive(config);
  const ask = async (signal: AbortSignal) => {
    const tables = archive.tables.map(([, name]) => name).join(', ');
    const question = [
      `This removes all ${what} (tables ${tables}), and the blobs of container ${details.container}.`,
      ...(describe ? [await describe(archive, { abortSignal: signal })] : []),
      ...notes,
      'Table Storage has no undelete: `export --details` writes a copy of both.',
    ];
    return await isConfirmed(question.join('\n'), signal, answers);
  };
  return await untilTerminated(async (signal) => {
    if (!yes && !(await ask(signal))) {
      printProgress('nothing was removed');
      return exitCodes.failed;
    }
    const names = archive.tables.map(([name]) => name);
    const rows = new RowProgress(names, systemClock);
    await remove(archive, { onRows: rows.add, abortSignal: signal });
    const blobs = await removeBlobs(details, { abortSignal: signal }).catch((error) => {
      signal.throwIfAborted();
      const message = `${rows.total} ${what} were removed, but not their blobs: ${messageOf(error)}`;
      throw new Error(`${message}; then run this again`, { cause: error });
    });
    if (json) printJson({ ...head, removed: rows.counts, removedBlobs: blobs });
    else if (rows.total === 0) print(`there were no ${what}`);
    else {
      print(`${rows.total} ${what} were removed`);
      print(formatCounts(['table', 'rows'], Object.entries(rows.counts)));
    }
    if (!json && blobs > 0) print(`${blobs} blobs of ${details.container} were removed`);
    if (!json) for (const note of notes) print(note);
    return exitCodes.done;
  });
}
