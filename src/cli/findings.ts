import type { Command } from 'commander';
import type { HistoryContext } from '../history/historyContext.ts';
import { checkRange, parseCurrency, parseCustomer, parseDate, parseSearch } from './arguments.ts';
import { customerHelp, searchHelp } from './customerCommands.ts';
import { findRecorded } from './customerName.ts';

/** What the commands that list alerts and anomalies are asked for. */
export interface FindingOptions {
  from?: string;
  to?: string;
  customer?: string;
  search?: string;
  currency?: string;
  json?: boolean;
}

/** @param what they are of, for the help: `budgets` */
export function addFindingOptions(command: Command, what: string): Command {
  return command
    .option('--from <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--to <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--customer <customer>', `only those of ${customerHelp}`, parseCustomer)
    .option('--search <text>', searchHelp, parseSearch)
    .option('--currency <code>', `only ${what} in it`, parseCurrency)
    .option('--json', 'print one JSON document');
}

/** The same for a route, the customer by its id. */
export async function toFindingQuery(
  { customer, ...query }: Omit<FindingOptions, 'json'>,
  context: HistoryContext,
) {
  checkRange(query);
  const customerId = customer === undefined ? undefined : await findRecorded(customer, context);
  return { ...query, customerId };
}
