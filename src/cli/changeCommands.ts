import { type Command, Option } from 'commander';
import { moverOrders } from '../history/movers.ts';
import { changeLevels } from '../usage/changes.ts';
import { comparisons } from '../usage/movement.ts';
import { parseCurrency, parseCustomer, parseDate, parseWholeNumber } from './arguments.ts';
import { addChoiceOfCustomers, customerHelp } from './customerCommands.ts';
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

const changesHelp = [
  'The change is that of movers. Plans count whose records were kept on the days that are compared, ' +
    'and on the day before each where daily costs are; a plan that is new counts from its first ' +
    'records. What no records explain is a sum of its own, so that all adds up.',
];

/** Names the day that a day is compared with. */
function addComparison(command: Command): Command {
  return command
    .option('--date <date>', 'yyyy-MM-dd, UTC; default: the latest complete day', parseDate)
    .addOption(
      new Option('--against <day>', 'the day before, the weekday before, or the last period')
        .choices(comparisons)
        .default('day'),
    );
}

/** The commands that show what moved, and what was unusual. */
export function addChangeCommands(program: Command, finish: (code: ExitCode) => void): void {
  const movers = addComparison(addHelp(program.command('movers'), moversHelp))
    .description('whose cost grew or fell, who is new and who vanished')
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

  addComparison(addHelp(program.command('changes'), changesHelp))
    .description("what caused a change of a customer's cost: which resources, or what they are of")
    .argument('<customer>', customerHelp, parseCustomer)
    .addOption(
      new Option(
        '--by <level>',
        'what it is split by; default: resource where records are kept, else azureSubscription',
      ).choices(changeLevels),
    )
    .option('--limit <n>', 'lines shown', parseWholeNumber(1, 1_000_000), 20)
    .option('--json', 'print one JSON document, with all of them')
    .action(async (customer, options) =>
      finish(await (await import('./changes.ts')).changes(customer, options)),
    );

  addFindingOptions(program.command('anomalies'), 'costs')
    .description('days of unexpected cost, the newest first, by default of the last 30 days')
    .action(async (options) => finish(await (await import('./anomalies.ts')).anomalies(options)));
}
