import { openExport } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import { loadStorageConfig } from '../config/loadConfig.ts';
import { ConfigurationError } from '../errors.ts';
import { toCsv } from '../http/csv.ts';
import { checkRange } from './arguments.ts';
import { RowProgress } from './rowProgress.ts';
import { formatCounts } from './table.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';
import { untilTerminated } from './termination.ts';
import { writeWholeFile } from './wholeFile.ts';

export interface ExportOptions {
  output: string;
  from?: string;
  to?: string;
  json?: boolean;
}

/** Writes stored rows to a file: all of them as NDJSON, or usage for a spreadsheet as CSV. */
export async function exportRows({ output, json, from, to }: ExportOptions): Promise<ExitCode> {
  const isCsv = hasEnding(output, '.csv');
  if (!isCsv && !hasEnding(output, '.ndjson')) {
    throw new ConfigurationError([
      `--output: expected a file name with the ending .ndjson or .csv, got ${output}`,
    ]);
  }
  checkRange({ from, to });
  const archive = openExport(loadStorageConfig());
  const names = isCsv ? ['customer', 'subscription'] : archive.tables.map(([name]) => name);
  const rows = new RowProgress(names, systemClock);
  await untilTerminated(async (signal) => {
    const options = { onRows: rows.add, abortSignal: signal };
    const chunks = isCsv
      ? toCsv(archive.usageColumns, archive.listUsage({ from, to }, options))
      : archive.exportLines({ from, to }, options);
    await writeWholeFile(output, chunks, signal);
  });
  if (json) printJson({ file: output, rows: rows.counts });
  else {
    print(`${rows.total} rows in ${output}`);
    print(formatCounts([isCsv ? 'of' : 'table', 'rows'], Object.entries(rows.counts)));
  }
  return exitCodes.done;
}

function hasEnding(path: string, ending: string): boolean {
  return path.toLowerCase().endsWith(ending);
}
