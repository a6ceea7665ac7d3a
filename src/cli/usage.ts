import { createApp } from '../app/app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { utcDateOf } from '../usage/date.ts';
import { figuresOf } from '../usage/usageFigures.ts';
import { findListed } from './customerName.ts';
import { createTerminalEventLog } from './eventLines.ts';
import {
  type ExitCode,
  exitCodes,
  formatTable,
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
    const { totalCost, usdTotalCost, budgetAmount, percentUsed, ...texts } = figures;
    const exact = { totalCost, usdTotalCost, budgetAmount };
    if (options.json) {
      const numbers = Object.entries(exact).map(([name, amount]) => [
        name,
        amount === undefined ? undefined : JSON.rawJSON(amount),
      ]);
      const head = { outcome: 'usage', ...resource, name: summary.name };
      printJson({ ...head, ...Object.fromEntries(numbers), percentUsed, ...texts });
    } else {
      const rows = Object.entries({ name: summary.name, ...exact, percentUsed, ...texts });
      print(
        formatTable(
          ['', ''],
          rows.filter(([, value]) => value !== undefined),
        ),
      );
    }
    return exitCodes.done;
  } finally {
    await app.close();
  }
}

function sayNoUsage(resource: object, options: UsageOptions): ExitCode {
  if (options.json) printJson({ outcome: 'noUsage', ...resource });
  // With --raw, stdout is for programs and may contain only a body as received.
  else (options.raw ? printProgress : print)('no usage in this billing period');
  return exitCodes.done;
}
