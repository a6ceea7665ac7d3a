import { type Archive, openArchive } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import { loadStorageConfig } from '../config/loadConfig.ts';
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
}

/** Removes rows after a confirmation, and prints how many of each table. */
export async function removeRows(
  { what, notes, head, describe, remove }: RemovedRows,
  { yes, json }: RemovalOptions,
  answers?: Answers,
): Promise<ExitCode> {
  const archive = openArchive(loadStorageConfig());
  const ask = async (signal: AbortSignal) => {
    const question = [
      `This removes all ${what} (tables ${archive.tables.map(([, name]) => name).join(', ')}).`,
      ...(describe ? [await describe(archive, { abortSignal: signal })] : []),
      ...notes,
      'Table Storage has no undelete: `export` writes a copy.',
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
    if (json) printJson({ ...head, removed: rows.counts });
    else if (rows.total === 0) print(`there were no ${what}`);
    else {
      print(`${rows.total} ${what} were removed`);
      print(formatCounts(['table', 'rows'], Object.entries(rows.counts)));
    }
    if (!json) for (const note of notes) print(note);
    return exitCodes.done;
  });
}
