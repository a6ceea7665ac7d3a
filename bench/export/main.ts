import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatMegabytes } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import { runForJson } from '../support/program.ts';

/**
 * Time and peak memory of `usage-snapshots export` of 10,000 rows and of a million, or as many as
 * the argument says, and of the `import` of 100,000: tables and command line run in processes of
 * their own.
 */

const fewRows = 10_000;
const manyRows = Number(process.argv[2] ?? 1_000_000);
const importedRows = 100_000;

interface Counts {
  /** By table. */
  rows?: Record<string, number>;
  added?: Record<string, number>;
}

/** Runs the command against tables that have so many rows. */
async function measure(args: string[], file: string, generatedRows = 0): Promise<void> {
  await Processes.with(async (processes) => {
    const tables = await processes.serveTables({ generatedRows });
    const { result, wallMs, peakBytes } = await runForJson<Counts>(
      ['src/cli/main.ts', ...args, file, '--json'],
      { SNAPSHOT_STORAGE: tables.connectionString },
    );
    const counts = Object.values(result.rows ?? result.added ?? {});
    const line = {
      command: `${args[0]} ${file.slice(file.lastIndexOf('.'))}`,
      rows: counts.reduce((sum, count) => sum + count, 0),
      seconds: Math.round(wallMs / 100) / 10,
      file: formatMegabytes((await stat(file)).size),
      peak: formatMegabytes(peakBytes),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}

const folder = await mkdtemp(join(tmpdir(), 'usage-snapshots-bench-'));
try {
  for (const rows of [fewRows, manyRows]) {
    for (const ending of ['ndjson', 'csv']) {
      await measure(['export', '--output'], join(folder, `${rows}.${ending}`), rows);
    }
  }
  const file = join(folder, 'imported.ndjson');
  await measure(['export', '--output'], file, importedRows);
  await measure(['import'], join(folder, `${fewRows}.ndjson`));
  await measure(['import'], file);
} finally {
  await rm(folder, { recursive: true });
}
