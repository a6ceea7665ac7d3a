import type { Browser } from 'playwright-core';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays } from '../../src/usage/date.ts';
import { startBrowser } from '../../test/support/browser.ts';
import type { BenchFigure, BenchRow } from '../row.ts';
import { formatCount, medianOf } from '../support/numbers.ts';
import { timeCharts, timeScrolling, timeStart, timeTyping } from '../support/pageTimes.ts';
import { customerIdOf, lastDate, ledgerRowOf, withRecordedApi } from '../support/recordedTables.ts';

const customers = 10_000;
const historyDays = 400;
const totalDays = 62;
const rounds = 7;
const steps = 200;
const texts = ['customer 1', 'customer 99', '00000bad', 'customer 7'];

/** The page in Chromium, over the storage emulator. */
export const page: BenchRow = {
  name: 'page',
  measure: () =>
    withRecordedApi(
      async ({ usageByDay, usageByCustomer }) => {
        for (const date of [addDays(lastDate, -1), lastDate]) {
          const indexes = Array.from({ length: customers }, (_, index) => index);
          await usageByDay.upsertDay(indexes.map((index) => ledgerRowOf(index, date)));
        }
        const dates = Array.from({ length: historyDays }, (_, back) => addDays(lastDate, -back));
        await usageByCustomer.upsertCustomer(dates.map((date) => ledgerRowOf(0, date)));
        await usageByCustomer.upsertTotals(dates.slice(0, totalDays).map(totalOf));
      },
      async ({ url }) => {
        const browser = await startBrowser();
        if (!browser) throw new Error('expected Chromium or Chrome on the PATH');
        try {
          return await measurePage(browser, `${url}/api/dashboard`);
        } finally {
          await browser.close();
        }
      },
    ),
};

const totalOf = (snapshotDate: string) => ({
  snapshotDate,
  capturedAt: `${snapshotDate}T03:00:00.000Z`,
  runId: 'run',
  currency: 'EUR',
  totalCost: parseAmount('1234567.89'),
  dailyCost: parseAmount('41234.56'),
  customers,
  customersMissing: 0,
});

async function measurePage(browser: Browser, address: string): Promise<BenchFigure[]> {
  const starts: Awaited<ReturnType<typeof timeStart>>[] = [];
  const charts: number[] = [];
  const from = addDays(lastDate, 1 - historyDays);
  const history = `#/customers/${customerIdOf(0)}?from=${from}&to=${lastDate}`;
  for (let round = -1; round < rounds; round++) {
    const start = await timeStart(browser, address);
    const chart = await timeCharts(browser, address, history);
    // The first of a process is compiled.
    if (round < 0) continue;
    starts.push(start);
    charts.push(chart);
  }
  const slowKeys = await timeTyping(browser, address, texts);
  const scrolling = await timeScrolling(browser, address, { customers, steps });
  return [
    figureOf(`first picture, ${formatCount(customers)} customers in the day: median`, {
      valueMs: medianOf(starts.map(({ firstMs }) => firstMs)),
      mostMs: 1_000,
      details: { timesMs: starts.map(({ firstMs }) => firstMs) },
    }),
    {
      what: 'its ranking, which waits for the app to read the day: median',
      measured: `${Math.round(medianOf(starts.map(({ rankingMs }) => rankingMs)))} ms`,
      details: { timesMs: starts.map(({ rankingMs }) => rankingMs) },
    },
    figureOf(`a key in the search, to the next picture: longest of ${texts.join('').length}`, {
      // Shorter ones than a frame are not reported.
      valueMs: Math.max(16, ...slowKeys),
      mostMs: 50,
      details: { slowMs: slowKeys },
    }),
    figureOf(`script of a step of scrolling through all of them: 95 % of ${steps}`, {
      valueMs: scrolling.toSorted((a, b) => a - b)[Math.floor(steps * 0.95)] ?? Number.NaN,
      mostMs: 8,
      details: { timesMs: scrolling },
    }),
    figureOf(`charts and tables of ${historyDays} days, after the answer: median`, {
      valueMs: medianOf(charts),
      mostMs: 100,
      details: { timesMs: charts },
    }),
  ];
}

function figureOf(
  what: string,
  { valueMs, mostMs, details }: { valueMs: number; mostMs: number; details: object },
): BenchFigure {
  return {
    what,
    target: `≤ ${mostMs} ms`,
    measured: `${valueMs.toFixed(valueMs < 10 ? 1 : 0)} ms`,
    isMet: valueMs <= mostMs,
    details: { ...details },
  };
}
