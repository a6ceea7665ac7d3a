import { type Command, Option } from 'commander';
import { moverOrders } from '../history/movers.ts';
import { comparisons } from '../usage/movement.ts';
import { parseCurrency, parseDate, parseWholeNumber } from './arguments.ts';
import { addChoiceOfCustomers } from './customerCommands.ts';
import { addFindingOptions } from './findings.ts';
import { addHelp } from './help.ts';
import type { ExitCode } from './terminal.ts';

const moversHelp = [
  'Only costs that are known and of equally many days are compared. So a first night, missed and ' +
    'stale days, a daily cost of several days and the first day of a billing period move ' +
    'nothing; nor does a total that is still 0 in the first eight days of a period, or a day ' +
    'that the last period did not have. New customers and those that vanished are marked, ' +
    'without an amount where theirs is not known.',
];

/** The commands that show what moved, and what was unusual. */
export function addChangeCommands(program: Command, finish: (code: ExitCode) => void): void {
  const movers = addHelp(program.command('movers'), moversHelp)
    .description('whose cost grew or fell, who is new and who vanished')
    .option('--date <date>', 'yyyy-MM-dd, UTC; default: the latest complete day', parseDate)
    .addOption(
      new Option('--against <day>', 'the day before, the weekday before, or the last period')
        .choices(comparisons)
        .default('day'),
    )
    .addOption(
      new Option('--order-by <figure>', 'the largest first, up or down')
        .choices(moverOrders)
        .default('change'),
    )
    .option('--limit <n>', 'lines shown', parseWholeNumber(1, 1_000_000), 20);
  addChoiceOfCustomers(movers)
    .option('--currency <code>', 'only costs in it', parseCurrency)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./movers.ts')).movers(options)));

  addFindingOptions(program.command('anomalies'), 'costs')
    .description('days of unexpected cost, the newest first, by default of the last 30 days')
    .action(async (options) => finish(await (await import('./anomalies.ts')).anomalies(options)));
}
