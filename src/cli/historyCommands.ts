import { type Command, Option } from 'commander';
import { rankingOrders } from '../history/ranking.ts';
import { parseDate, parseId, parseWholeNumber } from './arguments.ts';
import type { ExitCode } from './terminal.ts';

const formats = ['table', 'chart', 'csv', 'ndjson', 'json'];

/** The commands that query recorded usage. */
export function addHistoryCommands(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('history')
    .description('the trend of a customer, by default of the last 30 days')
    .argument('<customer>', 'a customer id', parseId)
    .option('--subscription <id>', 'a subscription or plan of the customer', parseId)
    .option('--from <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--to <date>', 'yyyy-MM-dd, UTC', parseDate)
    .addOption(
      new Option('--interval <interval>', 'a line for each')
        .choices(['day', 'period'])
        .default('day'),
    )
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('table'))
    .option('--json', 'as --format json')
    .action(async (customer, options) =>
      finish(await (await import('./history.ts')).history(customer, options)),
    );

  program
    .command('totals')
    .description('all customers per day and currency, by default of the last 30 days')
    .option('--from <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--to <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./totals.ts')).totals(options)));

  program
    .command('alerts')
    .description('thresholds of budgets that were crossed, by default in the last 30 days')
    .option('--from <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--to <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./alerts.ts')).alerts(options)));

  program
    .command('top')
    .description('the ranking of a day, each currency by itself')
    .option('--date <date>', 'yyyy-MM-dd, UTC; default: the latest complete day', parseDate)
    .addOption(
      new Option('--order-by <figure>', 'the largest first')
        .choices(rankingOrders)
        .default('totalCost'),
    )
    .option('--limit <n>', 'customers shown', parseWholeNumber(1, 1_000_000), 20)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./top.ts')).top(options)));

  program
    .command('serve')
    .description('the API over the configured tables, for this machine alone')
    .option('--port <n>', '0 takes a free one', parseWholeNumber(0, 65_535), 7071)
    .action(async (options) => finish(await (await import('./serve.ts')).serve(options)));
}
