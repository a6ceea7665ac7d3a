import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ConfigurationError, messageOf } from '../errors.ts';
import { parseCustomer, parseDate, parseId, parseWholeNumber } from './arguments.ts';
import { addChangeCommands } from './changeCommands.ts';
import { addCustomerCommands, customerHelp } from './customerCommands.ts';
import { addHelp, type HelpPart } from './help.ts';
import { addHistoryCommands } from './historyCommands.ts';
import { addTableCommands } from './tableCommands.ts';
import { type ExitCode, exitCodes, printProgress, tolerateClosedOutput } from './terminal.ts';

/**
 * Each command is loaded when it is called: the simulator and the storage emulator are not
 * installed where the app is deployed.
 */
function createProgram(
  finish: (code: ExitCode) => void,
  simulateHelp: readonly HelpPart[],
): Command {
  const program = new Command('usage-snapshots')
    .description('The daily Azure usage history of a CSP partner.')
    .version(readVersion())
    .exitOverride()
    .configureOutput({ writeErr: (text) => printProgress(text.trimEnd()) })
    .hook('preAction', warnOfMisspellings);

  program
    .command('snapshot')
    .description('capture today what is missing or failed, as the timer does')
    .option('--force', 'capture all again')
    .option('--customer <customer>', `only ${customerHelp}`, parseCustomer)
    .option('--wait', 'wait while another run is at work')
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./snapshot.ts')).snapshot(options)));

  program
    .command('usage')
    .description('the live summary of the partner, a customer or a subscription')
    .argument('[customer]', customerHelp, parseCustomer)
    .option('--subscription <id>', 'a subscription or plan of the customer', parseId)
    .option('--raw', 'print the body as received')
    .option('--json', 'print one JSON document')
    .action(async (customer, options) => {
      if (options.subscription !== undefined && customer === undefined) {
        throw new ConfigurationError(['--subscription: expected a customer before it, got none']);
      }
      finish(await (await import('./usage.ts')).usage(customer, options));
    });

  program
    .command('runs')
    .description('what ran, by default in the last 30 days')
    .option('--from <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--to <date>', 'yyyy-MM-dd, UTC', parseDate)
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./runs.ts')).runs(options)));

  addCustomerCommands(program, finish);
  addHistoryCommands(program, finish);
  addChangeCommands(program, finish);
  addTableCommands(program, finish);

  program
    .command('login')
    .description('sign the service user in with MFA, and store the refresh token')
    .option('--no-browser', 'print the address alone, to open it by hand')
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./login.ts')).login(options)));

  program
    .command('doctor')
    .description('check settings, sign-in, the right to each call, tables and blobs')
    .option('--json', 'print one JSON document')
    .action(async (options) => finish(await (await import('./doctor.ts')).doctor(options)));

  addHelp(program.command('simulate'), simulateHelp)
    .description('a simulated Partner Center with its sign-in endpoint')
    .option('--port <n>', '0 takes a free one', parseWholeNumber(0, 65_535), 0)
    .option('--customers <n>', 'how many', parseWholeNumber(1, 1_000_000), 300)
    .option('--seed <n>', 'another seed, another partner', parseWholeNumber(0, 2 ** 31), 1)
    .option('--date <date>', 'where its clock starts, yyyy-MM-dd', parseDate)
    .option('--faults <names>', 'a comma list of faults to put in the way, see below', '')
    .option('--quirks <names>', 'a comma list of quirks to answer with, see below', '')
    .option('--client-secret <secret>', "the app's secret, in place of its own")
    .action(async (options) => finish(await (await import('./simulate.ts')).simulate(options)));

  program
    .command('demo')
    .description('everything embedded: storage emulator, simulator, weeks of nights')
    .option('--serve', 'leave the API up')
    .action(async (options) => finish(await (await import('./demo.ts')).demo(options)));

  return program;
}

async function warnOfMisspellings(): Promise<void> {
  const { findMisspellings } = await import('../config/misspelling.ts');
  for (const { name, nearest } of findMisspellings()) {
    printProgress(`${name}: no setting has this name, the nearest is ${nearest}`);
  }
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Runs a command line. Returns its exit code; the message of a failure is on stderr. */
async function main(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const isOfSimulator = args.includes('simulate');
  const program = createProgram(
    (code) => {
      exitCode = code;
    },
    isOfSimulator ? (await import('./simulateHelp.ts')).simulateHelp : [],
  );
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its own message already.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
    }
    printProgress(messageOf(error));
    return error instanceof ConfigurationError ? exitCodes.badUsage : exitCodes.failed;
  }
}

tolerateClosedOutput();
process.exitCode = await main(process.argv.slice(2));
