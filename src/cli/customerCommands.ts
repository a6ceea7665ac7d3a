import { type Command, Option } from 'commander';
import { outcomes } from '../usage/usageSnapshot.ts';
import {
  parseAzureSubscription,
  parseCurrency,
  parseCustomer,
  parseDate,
  parseId,
  parseMarkup,
  parseMonth,
  parseSearch,
} from './arguments.ts';
import { addHelp } from './help.ts';
import type { ExitCode } from './terminal.ts';

const formats = ['table', 'chart', 'csv', 'ndjson', 'json'];

/** For an argument or option that names a customer. */
export const customerHelp = 'a customer: GUID, name, domain or a unique part of one';
export const searchHelp = 'a part of the name or the domain, or of the id';

/** The options that choose customers of a list: one of them, or those that a search finds. */
export function addChoiceOfCustomers(command: Command): Command {
  return command
    .addOption(
      new Option('--customer <customer>', `only ${customerHelp}`)
        .argParser(parseCustomer)
        .conflicts('search'),
    )
    .option('--search <text>', searchHelp, parseSearch);
}

const reportHelp = [
  {
    '.html': 'a page that needs nothing from elsewhere; each billing period prints to one A4 page',
    '.csv': 'a line for the total, each day and each subscription, with every digit',
  },
  'A billing period need not begin on the 1st: --period names the month in which it starts. Where ' +
    'several do, or the currency or the plan changed, each has a part of its own. The markup is in ' +
    'every cost, to the digit, and not in the budget. A file that is there is not replaced. It ' +
    'gets its name once it is whole, and its owner alone may read it.',
];

/** The commands that query single customers, and which there are. */
export function addCustomerCommands(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('customers')
    .description('the customers of a day by name, with ids, and why any failed')
    .option('--date <date>', 'yyyy-MM-dd, UTC; default: the latest complete day', parseDate)
    .option('--search <text>', searchHelp, parseSearch)
    .addOption(new Option('--outcome <outcome>', 'only those with it').choices(outcomes))
    .option('--currency <code>', 'only those billed in it', parseCurrency)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./customers.ts')).customers(options)));

  program
    .command('subscriptions')
    .description('the subscriptions and plans of a customer, with ids')
    .argument('<customer>', customerHelp, parseCustomer)
    .option('--date <date>', 'yyyy-MM-dd, UTC; default: the latest complete day', parseDate)
    .option('--json', 'print one JSON document')
    .action(async (customer, options) =>
      finish(await (await import('./subscriptions.ts')).subscriptions(customer, options)),
    );

  program
    .command('history')
    .description('the trend of a customer, by default of the last 30 days')
    .argument('<customer>', customerHelp, parseCustomer)
    .option('--subscription <id>', 'a subscription or plan of the customer', parseId)
    .addOption(
      new Option('--azure-subscription <id>', 'one of its plans: its GUID, unassigned or meters')
        .argParser(parseAzureSubscription)
        .conflicts('subscription'),
    )
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

  addHelp(program.command('report'), reportHelp)
    .description('write a page or a CSV of a billing period, for the customer')
    .argument('<customer>', customerHelp, parseCustomer)
    .requiredOption('--period <month>', 'yyyy-MM in which the billing period starts', parseMonth)
    .option('--markup <percent>', 'added to every cost, such as 7.5', parseMarkup)
    .requiredOption('--output <file>', 'ending with .html or .csv')
    .option('--json', 'print one JSON document')
    .action(async (customer, options) =>
      finish(await (await import('./report.ts')).report(customer, options)),
    );
}
