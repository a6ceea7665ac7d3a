import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import stringWidth from 'string-width';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStores } from '../../src/app/openTables.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { loadHistoryConfig } from '../../src/config/loadConfig.ts';
import { endAll, runCommandLine, startPartner, type TestPartner } from '../support/commandLine.ts';
import { recordRecentNights, yesterday } from '../support/detailedNights.ts';
import { skipTest } from '../support/platform.ts';
import { customerId as detailed } from '../support/recorded.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** `script` gives a command a terminal; it belongs to what every Linux has. */
const hasScript = spawnSync('script', ['--version']).status === 0;

let azurite: EmbeddedAzurite;
let partner: TestPartner;
let customer: string;

beforeAll(async () => {
  azurite = await startAzurite();
  partner = await startPartner({ customers: 12 }, azurite.connectionString);
  expect((await runCommandLine(['snapshot'], partner.settings)).exitCode).toBe(0);
  await recordRecentNights(openStores(loadHistoryConfig(partner.settings)));
  const spender = [...partner.simulator.customers()].find(({ subscriptions }) => subscriptions[0]);
  customer = spender?.id ?? '';
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

async function runAt(columns: number, args: readonly string[]): Promise<string> {
  const command = `stty cols ${columns}; "${process.execPath}" "${main}" ${args.join(' ')}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
    timeout: 25_000,
    env: { PATH: process.env['PATH'], ...partner.settings },
  });
  return stdout.replaceAll('\r', '');
}

const commands: [string, () => string[]][] = [
  ['customers', () => []],
  ['top', () => []],
  ['totals', () => []],
  ['alerts', () => []],
  ['runs', () => []],
  ['usage', () => []],
  ['subscriptions', () => [customer]],
  ['history', () => [customer]],
  ['history', () => [customer, '--format', 'chart']],
  ['changes', () => [detailed, '--date', yesterday]],
];

describe('at a terminal', () => {
  beforeEach((context) => {
    if (!hasScript) skipTest(context, 'there is no `script` (util-linux) to give it a terminal');
  });

  it.each(commands)('%s fits 60, 80 and 120 columns', async (name, args) => {
    for (const columns of [60, 80, 120]) {
      const output = await runAt(columns, [name, ...args()]);
      const lines = output.trimEnd().split('\n');
      expect(lines.join('')).not.toBe('');
      const widest = lines.reduce((most, line) => Math.max(most, stringWidth(line)), 0);
      expect(widest, `of ${lines.join('\n')}`).toBeLessThanOrEqual(columns);
    }
  });

  it('all columns and whole ids stand in what is piped, and in the blocks of a narrow one', async () => {
    const { stdout } = await runCommandLine(['top'], partner.settings);
    const headings = stdout.split('\n')[0]?.split(/ {2,}/);
    expect(headings).toEqual([
      ...['currency', 'customer', 'id', 'plan', 'total cost', 'daily cost', 'of budget'],
      ...['outcome', 'daily cost is'],
    ]);
    expect(stdout).toContain(customer);
    expect(await runAt(60, ['top'])).toMatch(new RegExp(`^id +${customer}$`, 'm'));
  });
});
