import { openDetailsArchive, openExport } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import type { TablesConfig } from '../config/config.ts';
import { loadStorageConfig } from '../config/loadConfig.ts';
import { ConfigurationError } from '../errors.ts';
import { toCsv } from '../http/csv.ts';
import { checkRange } from './arguments.ts';
import { type CopiedBlobs, describeCopied, exportDetails } from './detailsFolder.ts';
import { RowProgress } from './rowProgress.ts';
import { formatCounts } from './table.ts';
import { type ExitCode, exitCodes, print, printJson, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';
import { expectNoFile, writeWholeFile } from './wholeFile.ts';

export interface ExportOptions {
  output: string;
  /** A folder for the blobs with what lies below plans. */
  details?: string;
  from?: string;
  to?: string;
  json?: boolean;
}

/**
 * Writes stored rows to a file: all of them as NDJSON, or usage for a spreadsheet as CSV. Blobs are
 * copied before: broken off and repeated, that goes on, while a file is not replaced.
 */
export async function exportRows({
  output,
  details,
  json,
  from,
  to,
}: ExportOptions): Promise<ExitCode> {
  const isCsv = hasEnding(output, '.csv');
  if (!isCsv && !hasEnding(output, '.ndjson')) {
    throw new ConfigurationError([
      `--output: expected a file name with the ending .ndjson or .csv, got ${output}`,
    ]);
  }
  checkRange({ from, to });
  const config = loadStorageConfig();
  const archive = openExport(config);
  const names = isCsv ? ['customer', 'subscription'] : archive.tables.map(([name]) => name);
  const rows = new RowProgress(names, systemClock);
  const blobs = await untilTerminated(async (signal) => {
    await expectNoFile(output);
    const copied =
      details === undefined ? undefined : await copyDetails(config, details, { from, to }, signal);
    const rowOptions = { onRows: rows.add, abortSignal: signal };
    const chunks = isCsv
      ? toCsv(archive.usageColumns, archive.listUsage({ from, to }, rowOptions))
      : archive.exportLines({ from, to }, rowOptions);
    await writeWholeFile(output, chunks, signal);
    return copied;
  });
  if (json) printJson({ file: output, rows: rows.counts, blobs });
  else {
    print(`${rows.total} rows in ${output}`);
    print(formatCounts([isCsv ? 'of' : 'table', 'rows'], Object.entries(rows.counts)));
    if (blobs) print(describeCopied(blobs, blobs.directory));
  }
  return exitCodes.done;
}

async function copyDetails(
  config: TablesConfig,
  directory: string,
  dates: Parameters<typeof exportDetails>[2],
  abortSignal: AbortSignal,
): Promise<CopiedBlobs> {
  const details = openDetailsArchive(config);
  if (!(await details.exists({ abortSignal }))) {
    printProgress(`there is no container ${details.container}: no records below plans were kept`);
  }
  return exportDetails(details, directory, dates, abortSignal);
}

function hasEnding(path: string, ending: string): boolean {
  return path.toLowerCase().endsWith(ending);
}
