import { systemClock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import { type PeriodReport, readPeriodReport } from '../history/periodReport.ts';
import type { ReportedPeriod } from '../history/reportedPeriod.ts';
import { toCsv } from '../http/csv.ts';
import { type CustomerReport, markUp } from '../report/markedUp.ts';
import { renderPage } from '../report/page.ts';
import { listLines, reportColumns } from '../report/rows.ts';
import { lastDayOf } from '../report/words.ts';
import { quote } from '../text.ts';
import { findRecorded } from './customerName.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';
import { untilTerminated } from './termination.ts';
import { writeWholeFile } from './wholeFile.ts';

export interface ReportOptions {
  /** The month in which the billing period starts, `yyyy-MM`. */
  period: string;
  output: string;
  markup?: string;
  json?: boolean;
}

/** Writes a customer's billing period to a file: a page for people, or lines for a spreadsheet. */
export async function report(
  customer: string,
  { period: month, output, markup, json }: ReportOptions,
): Promise<ExitCode> {
  const write = writerOf(output);
  const context = openRecordedHistory();
  const customerId = await findRecorded(customer, context);
  const recorded = await readPeriodReport({ customerId, month }, context);
  if (recorded === undefined) throw new Error('There was never a row of that id.');
  if (recorded.periods.length === 0) throw new Error(describeAbsence(recorded));
  const marked = markUp(recorded, markup);
  await untilTerminated((signal) => writeWholeFile(output, write(marked), signal));
  if (json) printJson({ file: output, customerId, periods: marked.periods.map(toItem) });
  else print(`${describePeriods(marked)}\n\n${output}`);
  return exitCodes.done;
}

/** By the ending of a file's name. */
function writerOf(output: string): (report: CustomerReport) => AsyncIterable<string> {
  const name = output.toLowerCase();
  if (name.endsWith('.html')) return toPage;
  if (name.endsWith('.csv')) return (report) => toCsv(reportColumns, listLines(report));
  throw new ConfigurationError([
    `--output: expected a file name with the ending .html or .csv, got ${output}`,
  ]);
}

async function* toPage(report: CustomerReport): AsyncGenerator<string> {
  yield renderPage(report, systemClock.now());
}

function describeAbsence({ customerName, month, otherDays }: PeriodReport): string {
  const outcomes = Map.groupBy(otherDays, ({ outcome }) => outcome);
  const days = [...outcomes].map(([outcome, { length }]) => `${length} ${outcome}`);
  const known = days.length === 0 ? 'none' : days.join(', ');
  return `${quote(customerName)} has no recorded billing period that starts in ${month}; days of that month without a period: ${known}.`;
}

function describePeriods({ customerName, periods }: CustomerReport): string {
  return `${quote(customerName)}\n\n${formatTable(columns, periods)}`;
}

const columns: readonly Column<ReportedPeriod>[] = [
  { heading: 'from', value: ({ period }) => period.start },
  { heading: 'to', value: lastDayOf },
  { heading: 'currency', value: 'currency' },
  { heading: 'plan', value: 'plan' },
  {
    heading: 'total cost',
    value: ({ totalCost }) => Number(totalCost).toFixed(2),
    kind: 'number',
  },
];

function toItem(reported: ReportedPeriod) {
  const { period, currency, plan, totalCost, lastSnapshotDate, isFinal } = reported;
  return {
    billingPeriodStart: period.start,
    billingPeriodEnd: period.end,
    currency,
    plan,
    totalCost: JSON.rawJSON(totalCost),
    lastSnapshotDate,
    isFinal,
  };
}
