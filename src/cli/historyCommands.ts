import { type Command, Option } from 'commander';
import { rankingOrders } from '../history/ranking.ts';
import { outcomes } from '../usage/usageSnapshot.ts';
import { parseCurrency, parseDate, parseWholeNumber } from './arguments.ts';
import { addChoiceOfCustomers } from './customerCommands.ts';
import { addFindingOptions } from './findings.ts';
import { rankedKinds } from './ranked.ts';
import type { ExitCode } from './terminal.ts';

/** The commands that query recorded usage of all customers. */
export function addHistoryCommands(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('totals')
    .description('all customers per day and currency, by default of the last 30 days')
    .option('--from <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--to <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./totals.ts')).totals(options)));

  addFindingOptions(program.command('alerts'), 'budgets')
    .description('thresholds of budgets that were crossed, by default in the last 30 days')
    .action(async (options) => finish(await (await import('./alerts.ts')).alerts(options)));

  const top = program
    .command('top')
    .description('the ranking of a day, each currency by itself')
    .option('--date <date>', 'yyyy-MM-dd, UTC; default: the latest complete day', parseDate)
    .addOption(
      new Option('--order-by <figure>', 'the largest first')
        .choices(rankingOrders)
        .default('totalCost'),
    )
    .addOption(new Option('--by <what>', 'what is ranked').choices(rankedKinds).default('customer'))
    .option('--limit <n>', 'lines shown', parseWholeNumber(1, 1_000_000), 20);
  addChoiceOfCustomers(top)
    .addOption(new Option('--outcome <outcome>', 'only customers with it').choices(outcomes))
    .option('--currency <code>', 'only customers billed in it', parseCurrency)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./top.ts')).top(options)));

  program
    .command('serve')
    .description('the API over the configured tables, for this machine alone')
    .option('--port <n>', '0 takes a free one', parseWholeNumber(0, 65_535), 7071)
    .action(async (options) => finish(await (await import('./serve.ts')).serve(options)));
}
