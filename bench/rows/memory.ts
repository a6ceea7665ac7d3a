import type { BenchRow } from '../row.ts';
import { formatCount, formatMegabytes } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import { runSnapshot } from '../support/product.ts';
import { runForJson } from '../support/program.ts';

const fewCustomers = 1_000;
const manyCustomers = 50_000;
const targetMegabytes = 512;
const targetRatio = 1.5;

interface Peaks {
  customers: number;
  /** Of the run, in bytes. */
  runBytes: number;
  /** Of a process that only reads the body of `customers/usagerecords`, in bytes. */
  readingBytes: number;
  durationMs: number;
}

/** Peak memory of a night's run of few and of many customers of all kinds. */
export const memory: BenchRow = {
  name: 'memory',
  async measure() {
    const few = await measurePeaks(fewCustomers);
    const many = await measurePeaks(manyCustomers);
    const bodyBytes = many.readingBytes - few.readingBytes;
    const ratio = (many.runBytes - bodyBytes) / few.runBytes;
    return [
      {
        what: `peak memory of a run of ${formatCount(manyCustomers)} customers`,
        target: `≤ ${targetMegabytes} MB`,
        measured: formatMegabytes(many.runBytes),
        isMet: many.runBytes <= targetMegabytes * 2 ** 20,
        details: { ...many },
      },
      {
        what: `the same but for reading the one body of customers/usagerecords (${formatMegabytes(bodyBytes)}), against ${formatCount(fewCustomers)} customers`,
        target: `≤ ${targetRatio} ×`,
        measured: `${ratio.toFixed(2)} × (${formatMegabytes(few.runBytes)})`,
        isMet: ratio <= targetRatio,
        details: { ...few, bodyBytes },
      },
    ];
  },
};

function measurePeaks(customers: number): Promise<Peaks> {
  return Processes.with(async (processes) => {
    const { settings } = await processes.startPartner({ customers, logLimit: 0 });
    const storage = { SNAPSHOT_STORAGE: await processes.startTables() };
    const reading = await runForJson(['bench/support/readUsageRecords.ts'], settings);
    const run = await runSnapshot({ ...settings, ...storage });
    return {
      customers,
      runBytes: run.peakBytes,
      readingBytes: reading.peakBytes,
      durationMs: run.result.durationMs,
    };
  });
}
