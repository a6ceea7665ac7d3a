import type { BenchRow } from '../row.ts';
import { formatCount, formatMegabytes } from '../support/numbers.ts';
import { measurePeak } from '../support/peakMemory.ts';

const fewCustomers = 1_000;
const manyCustomers = 50_000;
const targetMegabytes = 350;
const targetRatio = 1.2;

/** Peak memory of a night's run of few and of many customers of all kinds. */
export const memory: BenchRow = {
  name: 'memory',
  async measure() {
    const few = await measurePeak({ customers: fewCustomers });
    const many = await measurePeak({ customers: manyCustomers });
    const ratio = many.peakBytes / few.peakBytes;
    return [
      {
        what: `peak memory of a run of ${formatCount(manyCustomers)} customers`,
        target: `≤ ${targetMegabytes} MB`,
        measured: formatMegabytes(many.peakBytes),
        isMet: many.peakBytes <= targetMegabytes * 2 ** 20,
        details: { ...many },
      },
      {
        what: `the same against ${formatCount(fewCustomers)} customers`,
        target: `≤ ${targetRatio} ×`,
        measured: `${ratio.toFixed(2)} × (${formatMegabytes(few.peakBytes)})`,
        isMet: ratio <= targetRatio,
        details: { ...few },
      },
    ];
  },
};
