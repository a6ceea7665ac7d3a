import { createApp } from '../app/app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { utcDateOf } from '../usage/date.ts';
import { figuresOf } from '../usage/usageFigures.ts';
import type { UsageFigures } from '../usage/usageSnapshot.ts';
import { findListed } from './customerName.ts';
import { createTerminalEventLog } from './eventLines.ts';
import { type Column, formatTable } from './table.ts';
import {
  type ExitCode,
  exitCodes,
  print,
  printDocument,
  printJson,
  printProgress,
} from './terminal.ts';
import { untilTerminated } from './termination.ts';

export interface UsageOptions {
  subscription?: string;
  raw?: boolean;
  json?: boolean;
}

/** The live summary of the partner, a customer or a subscription; it is not stored. */
export async function usage(
  customer: string | undefined,
  options: UsageOptions,
): Promise<ExitCode> {
  const app = createApp(loadConfig(), createTerminalEventLog(), systemClock, {
    givesUpEarly: true,
  });
  try {
    const customerId =
      customer === undefined
        ? undefined
        : await untilTerminated((signal) => findListed(customer, app.connect(signal)));
    const resource = { customerId, subscriptionId: options.subscription };
    if (options.raw) {
      const body = await untilTerminated((signal) =>
        app.connect(signal).getUsageSummaryBody(resource),
      );
      if (body === undefined) return sayNoUsage(resource, options);
      printDocument(body);
      return exitCodes.done;
    }
    const summary = await untilTerminated((signal) => {
      const partnerCenter = app.connect(signal);
      if (customerId === undefined) return partnerCenter.getPartnerUsageSummary();
      return options.subscription === undefined
        ? partnerCenter.getCustomerUsageSummary(customerId)
        : partnerCenter.getSubscriptionUsageSummary(customerId, options.subscription);
    });
    if (!summary) return sayNoUsage(resource, options);
    const figures = figuresOf(summary, utcDateOf(systemClock.now()));
    if (options.json)
      printJson({ outcome: 'usage', ...resource, ...toJson(summary.name, figures) });
    else print(describeUsage(summary.name, figures, customerId === undefined));
    return exitCodes.done;
  } finally {
    await app.close();
  }
}

function toJson(name: string | undefined, figures: UsageFigures) {
  const { totalCost, usdTotalCost, budgetAmount, percentUsed, ...texts } = figures;
  const exact = Object.entries({ totalCost, usdTotalCost, budgetAmount }).map(([field, amount]) => [
    field,
    amount === undefined ? undefined : JSON.rawJSON(amount),
  ]);
  return { name, ...Object.fromEntries(exact), percentUsed, ...texts };
}

const partnerNote =
  'Of the partner, without the customers of Azure plans:\n' +
  'Partner Center leaves them out here. See `totals` for all.';

/** A summary for people, a figure a line. */
function describeUsage(
  name: string | undefined,
  figures: UsageFigures,
  isOfPartner: boolean,
): string {
  const rows = Object.entries({ name, ...figures }).filter(([, value]) => value !== undefined);
  const columns: Column<[string, unknown]>[] = [
    { heading: '', value: ([field]) => field },
    {
      heading: '',
      value: ([field, value]) => (twoDigits.has(field) ? Number(value).toFixed(2) : value),
      kind: 'text',
    },
  ];
  const table = formatTable(columns, rows);
  return isOfPartner ? `${table}\n\n${partnerNote}` : table;
}

const twoDigits = new Set(['totalCost', 'usdTotalCost', 'budgetAmount', 'percentUsed']);

function sayNoUsage(resource: object, options: UsageOptions): ExitCode {
  if (options.json) printJson({ outcome: 'noUsage', ...resource });
  // With --raw, stdout is for programs and may contain only a body as received.
  else (options.raw ? printProgress : print)('no usage in this billing period');
  return exitCodes.done;
}
