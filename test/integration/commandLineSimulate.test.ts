import { afterAll, describe, expect, it } from 'vitest';
import { faultNames } from '../../src/simulator/faults.ts';
import { quirkNames } from '../../src/simulator/namedQuirks.ts';
import { defaultClientSecret } from '../../src/simulator/signInOptions.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import {
  endAll,
  findClosedPort,
  isPortFree,
  runCommandLine,
  startCommandLine,
  storageAt,
} from '../support/commandLine.ts';
import { needSignals } from '../support/platform.ts';

afterAll(endAll);

/** Starts `simulate`; `settings` are the lines that it prints. */
async function simulate(...args: string[]) {
  const run = startCommandLine(['simulate', ...args]);
  await run.untilPrinted(/Ctrl-C ends it\n/);
  const settings = Object.fromEntries(
    run
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => /^(\w+)=(.+)$/.exec(line)?.slice(1) ?? [line, '']),
  );
  return { run, settings };
}

describe('simulate', () => {
  it('prints settings, and nothing else, on stdout, and with them other commands work', async () => {
    const { run, settings } = await simulate('--customers', '20', '--seed', '9');
    expect(Object.keys(settings)).toEqual([
      'PARTNER_CENTER_BASE_URL',
      'PARTNER_CENTER_AUTHORITY_HOST',
      'PARTNER_CENTER_TENANT_ID',
      'PARTNER_CENTER_CLIENT_ID',
      'PARTNER_CENTER_CLIENT_SECRET',
      'PARTNER_CENTER_REFRESH_TOKEN',
      'PARTNER_CENTER_REFRESH_TOKEN_FILE',
    ]);
    const storage = { SNAPSHOT_STORAGE: storageAt(await findClosedPort()) };
    const env = { ...settings, ...storage };
    const usage = await runCommandLine(['usage', '--json'], env);
    const twin = createSimulator({ seed: 9, customers: 20 });
    expect(usage.stdout).toContain(`"totalCost": ${twin.expectedPartner().totalCost},`);
    expect(usage.exitCode).toBe(0);
    run.kill('SIGTERM');
    await run.ended;
  });

  it.for<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'ends on %s with exit code 0 and frees the port that it was asked to take',
    async (signal, context) => {
      needSignals(context);
      const port = await findClosedPort();
      const { run, settings } = await simulate('--port', String(port), '--customers', '1');
      expect(settings['PARTNER_CENTER_BASE_URL']).toBe(`http://127.0.0.1:${port}`);
      expect(await isPortFree(port)).toBe(false);
      run.kill(signal);
      const { exitCode, stderr } = await run.ended;
      expect(stderr).toContain(`${signal}: ending …`);
      expect(exitCode).toBe(0);
      expect(await isPortFree(port)).toBe(true);
    },
  );

  it('of the same seed and date is the same partner, with the figures of that date', async () => {
    const date = '2026-03-10';
    const { run, settings } = await simulate('--seed', '4', '--date', date, '--customers', '20');
    const twin = createSimulator({ seed: 4, customers: 20 });
    expect(settings['PARTNER_CENTER_TENANT_ID']).toBe(twin.partnerTenantId);
    const storage = { SNAPSHOT_STORAGE: storageAt(await findClosedPort()) };
    const usage = await runCommandLine(['usage', '--json'], { ...settings, ...storage });
    // Its clock goes on from the time of day: a period may turn at Pacific midnight.
    const expected = twin.expectedPartner(Date.parse(date) + (Date.now() % 86_400_000));
    expect(usage.stdout).toContain(`"totalCost": ${expected.totalCost},`);
    expect(JSON.parse(usage.stdout).billingStartDate).toBe(expected.billingStartDate);
    run.kill('SIGTERM');
    await run.ended;
  });

  it.each([
    ['fault', '--faults', 'serverError', faultNames],
    ['quirk', '--quirks', 'usDates', quirkNames],
  ])(
    'takes no %s that it does not know, and names those that it knows',
    async (kind, option, known, names) => {
      const args = ['simulate', option, `${known}, earthquake`];
      const { exitCode, stdout, stderr } = await runCommandLine(args);
      expect(stderr).toMatch(
        new RegExp(`^${option}: unknown ${kind} "earthquake"; known are ${names.join(', ')}\n$`),
      );
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
    },
  );

  it.each([[['simulate', '--help']], [['help', 'simulate']]])(
    'says in its help (%s) what each fault and quirk does',
    async (args) => {
      const { exitCode, stdout } = await runCommandLine(args);
      for (const name of [...faultNames, ...quirkNames]) {
        expect(stdout).toMatch(new RegExp(`^  ${name} {2,}\\S.+$`, 'm'));
      }
      expect(exitCode).toBe(0);
    },
  );

  it('answers with the quirks that it was given', async () => {
    const { run, settings } = await simulate('--customers', '5', '--quirks', 'byteOrderMark');
    const response = await fetch(`${settings['PARTNER_CENTER_BASE_URL']}/v1/customers`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x7b]);
    run.kill('SIGTERM');
    await run.ended;
  });

  it('takes the secret that it prints, its own or the one it was given, and no other', async () => {
    const { run, settings } = await simulate('--customers', '5', '--client-secret', 'of-my-own');
    expect(settings['PARTNER_CENTER_CLIENT_SECRET']).toBe('of-my-own');
    const signIn = async (secret: string) => {
      const tenant = settings['PARTNER_CENTER_TENANT_ID'];
      const url = `${settings['PARTNER_CENTER_AUTHORITY_HOST']}/${tenant}/oauth2/v2.0/token`;
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: settings['PARTNER_CENTER_CLIENT_ID'] ?? '',
        client_secret: secret,
        refresh_token: settings['PARTNER_CENTER_REFRESH_TOKEN'] ?? '',
        scope: 'https://api.partnercenter.microsoft.com/.default',
      });
      return (await fetch(url, { method: 'POST', body })).status;
    };
    expect(await signIn('of-my-own')).toBe(200);
    expect(await signIn(defaultClientSecret)).toBe(401);
    run.kill('SIGTERM');
    await run.ended;
  });

  it('says that its port is taken, with exit code 1', async () => {
    const { run, settings } = await simulate('--customers', '1');
    const { port } = new URL(settings['PARTNER_CENTER_BASE_URL'] ?? '');
    const { exitCode, stdout, stderr } = await runCommandLine(['simulate', '--port', port]);
    expect(stderr).toMatch(/^listen EADDRINUSE.*\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
    run.kill('SIGTERM');
    await run.ended;
  });
});
