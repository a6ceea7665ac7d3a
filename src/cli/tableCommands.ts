import type { Command } from 'commander';
import { parseCustomer, parseDate } from './arguments.ts';
import { addHelp } from './help.ts';
import type { ExitCode } from './terminal.ts';

const exportHelp = [
  {
    '.ndjson':
      'the backup: every row of every table, a line each, which `import` takes back as it was',
    '.csv': 'for a spreadsheet: the rows of customers and subscriptions, without what was received',
  },
  'The dates are those of recording, both included. A file that is there is not replaced. It gets ' +
    'its name once it is whole, and its owner alone may read it.',
  'With --details the blobs of those dates become <folder>/<customerId>/<planId>/<date>.ndjson.gz, ' +
    'before the file is written. Run again it goes on: a file of the size and time of its blob stays.',
];

const importHelp = [
  'Adds the rows that are missing. Nothing recorded is ever replaced: a row that is there stays as ' +
    'it is. Tables that are missing are created. A line that cannot be read, or whose row no table ' +
    'can hold, ends it, with its number; what stood before it is imported, and run again it goes on.',
  'With --details the folder of an export is added first, and has to hold nothing else.',
];

const removalHelp = 'It asks first, unless --yes. Ended in the middle and run again it goes on.';

const pruneHelp = [
  `${removalHelp} It does not wait for a run that is at work: that writes its own date alone. ` +
    'Alerts stay until their billing period is over, or they would be raised again. The next ' +
    "night's daily cost needs the days before it: keep the billing periods that are not over.",
];

const forgetHelp = [
  `${removalHelp} It does not wait for a run that is at work, which may write the customer once ` +
    'more: then run this again. Totals stay, which name no customer, and runs, whose errors lose ' +
    'its id. If Partner Center still lists the customer, the next night records it again.',
];

/** The commands that export, import and remove rows. */
export function addTableCommands(program: Command, finish: (code: ExitCode) => void): void {
  addHelp(program.command('export'), exportHelp)
    .description('write what is stored to a file: NDJSON or CSV, by its ending')
    .requiredOption('--output <file>', 'ending with .ndjson or .csv')
    .option('--details <folder>', 'copy what lies below plans as well, a file for each blob')
    .option('--from <date>', 'yyyy-MM-dd, UTC; by default from the first', parseDate)
    .option('--to <date>', 'yyyy-MM-dd, UTC; by default to the last', parseDate)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./export.ts')).exportRows(options)));

  addHelp(program.command('import'), importHelp)
    .description('add the missing rows of an NDJSON export')
    .argument('<file>', 'an NDJSON export')
    .option('--details <folder>', 'add the missing blobs of what lies below plans as well')
    .option('--json', 'print one JSON document')
    .action(async (file, options) =>
      finish(await (await import('./import.ts')).importRows(file, options)),
    );

  addHelp(program.command('prune'), pruneHelp)
    .description('remove what was recorded before a date, rows and blobs')
    .requiredOption('--before <date>', 'yyyy-MM-dd, UTC, at most today', parseDate)
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./prune.ts')).prune(options)));

  addHelp(program.command('forget'), forgetHelp)
    .description('remove every row and blob of a customer')
    .argument('<customer>', 'a customer, by its GUID alone', parseCustomer)
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (customer, options) =>
      finish(await (await import('./forget.ts')).forget(customer, options)),
    );
}
