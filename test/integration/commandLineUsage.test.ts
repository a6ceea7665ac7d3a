import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import {
  endAll,
  printed,
  runCommandLine,
  secrets,
  startPartner,
  type TestPartner,
} from '../support/commandLine.ts';

let partner: TestPartner;

// Nobody answers at its storage: what is looked up live is not stored.
beforeAll(async () => {
  partner = await startPartner({ seed: 5 });
});
afterAll(endAll);

function findCustomer(belongs: (customer: ExpectedCustomer) => boolean): ExpectedCustomer {
  const found = [...partner.simulator.customers()].find(belongs);
  if (!found) throw new Error('expected such a customer among the simulated ones');
  return found;
}

/** A customer whose figures no number of JavaScript can hold. */
const azurePlanCustomer = () =>
  findCustomer(
    ({ kind, totalCost, budgetAmount }) =>
      kind === 'azurePlan' && budgetAmount !== undefined && String(Number(totalCost)) !== totalCost,
  );
const legacyCustomer = () => findCustomer(({ kind }) => kind === 'legacy');
const idleCustomer = () => findCustomer(({ kind }) => kind === 'licensesOnly');

async function usage(...args: string[]) {
  partner.simulator.resetStatistics();
  const end = await runCommandLine(['usage', ...args], partner.settings);
  const { token: _, ...asked } = partner.simulator.statistics.byRoute;
  return { ...end, asked };
}

const twoDigits = (amount: string | undefined) => Number(amount).toFixed(2);
const totalCostIn = (stdout: string) => /^totalCost +(\S+)$/m.exec(stdout)?.[1] ?? '';

describe('usage', () => {
  it('without a customer shows the summary of the partner', async () => {
    const { exitCode, stdout, stderr, asked } = await usage();
    const expected = partner.simulator.expectedPartner();
    expect(stdout).toMatch(/^name +Simulated Partner 5$/m);
    expect(totalCostIn(stdout)).toBe(twoDigits(expected.totalCost));
    expect(stdout).toContain(expected.billingStartDate);
    expect(stdout).toContain('without the customers of Azure plans');
    expect(stderr).toBe('');
    expect(asked).toEqual({ partnerSummary: 1 });
    expect(exitCode).toBe(0);
  });

  it('of a customer shows its summary, and asks for nothing else', async () => {
    const expected = azurePlanCustomer();
    const { exitCode, stdout, asked } = await usage(expected.id.toUpperCase());
    const shown = Object.fromEntries(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    );
    expect(shown).toMatchObject({
      name: expected.name,
      totalCost: twoDigits(expected.totalCost),
      budgetAmount: twoDigits(expected.budgetAmount),
      currency: expected.currencyCode,
      plan: 'azurePlan',
    });
    expect(asked).toEqual({ customerSummary: 1 });
    expect(exitCode).toBe(0);
  });

  it('of a subscription shows its own summary', async () => {
    const customer = findCustomer(({ subscriptions }) => subscriptions.length > 1);
    const subscription = customer.subscriptions.at(-1);
    const args = [customer.id, '--subscription', subscription?.id ?? ''];
    const { exitCode, stdout, asked } = await usage(...args);
    expect(totalCostIn(stdout)).toBe(twoDigits(subscription?.totalCost));
    expect(stdout).not.toContain('Azure plans');
    expect(asked).toEqual({ subscriptionSummary: 1 });
    expect(exitCode).toBe(0);
  });

  it('--json has every number with all its digits', async () => {
    const expected = azurePlanCustomer();
    const { exitCode, stdout } = await usage(expected.id, '--json');
    for (const name of ['totalCost', 'usdTotalCost', 'budgetAmount'] as const) {
      expect(stdout).toContain(`\n  "${name}": ${expected[name]},\n`);
    }
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'usage',
      customerId: expected.id,
      name: expected.name,
      currency: expected.currencyCode,
      billingStartDate: expected.billingStartDate,
      billingEndDate: expected.billingEndDate,
    });
    expect(exitCode).toBe(0);
  });

  it.each([
    ['an Azure plan', azurePlanCustomer],
    ['a legacy customer', legacyCustomer],
  ])('--raw prints the body of %s as received, byte for byte', async (_of, find) => {
    const path = `/v1/customers/${find().id}/usagesummary`;
    // Spaces, digits, escapes and characters that no second writing would keep.
    const body =
      '{ "totalCost":1.50e1,\t"currencyCode":"EUR" , "billingStartDate":"2026-03-01T00:00:00+00:00",\r\n' +
      '"billingEndDate":"2026-04-01T00:00:00+00:00","resourceName":"B\\u00e4ckerei Größe 🥨" }';
    partner.simulator.overrides = { [path]: { status: 200, body } };
    const { exitCode, stdout } = await usage(find().id, '--raw');
    partner.simulator.overrides = {};
    expect(stdout).toBe(`${body}\n`);
    expect(exitCode).toBe(0);
  });

  it('of a customer without usage says so, with exit code 0', async () => {
    const { exitCode, stdout, stderr } = await usage(idleCustomer().id);
    expect(stdout).toBe('no usage in this billing period\n');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--json of a customer without usage says so in JSON', async () => {
    const { id } = idleCustomer();
    const { exitCode, stdout } = await usage(id, '--json');
    expect(JSON.parse(stdout)).toEqual({ outcome: 'noUsage', customerId: id });
    expect(exitCode).toBe(0);
  });

  it('--raw of a customer without usage leaves stdout empty', async () => {
    const { exitCode, stdout, stderr } = await usage(idleCustomer().id, '--raw');
    expect(stdout).toBe('');
    expect(stderr).toBe('no usage in this billing period\n');
    expect(exitCode).toBe(0);
  });

  it("of nobody's id ends with exit code 1 and the code of the API", async () => {
    const { exitCode, stdout, stderr } = await usage('44908a11-641b-4c53-b7fc-0f2bfca8a581');
    expect(stderr).toMatch(/^GET \/v1\/customers\/44908a11\S+ answered 404 \(code 60003\): .+\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it('with the wrong client secret names the setting to change', async () => {
    const wrong = 'not-the~secret.of-the_app';
    secrets.add(wrong);
    const settings = { ...partner.settings, PARTNER_CENTER_CLIENT_SECRET: wrong };
    const { exitCode, stdout, stderr } = await runCommandLine(['usage'], settings);
    expect(stderr).toMatch(/AADSTS7000215.*set PARTNER_CENTER_CLIENT_SECRET to its value/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it('warns that the renewed refresh token is lost where none can be stored', async () => {
    const { PARTNER_CENTER_REFRESH_TOKEN_FILE: _, ...settings } = partner.settings;
    const { exitCode, stdout, stderr } = await runCommandLine(['usage', '--json'], settings);
    expect(stderr).toMatch(/^credential\.refreshToken\.notStored: .*read-only.*\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'usage' });
    expect(exitCode).toBe(0);
  });

  it('prints no secret and no token in any of these calls', async () => {
    await usage();
    // The ones it was given, and an access and a refresh token of each call.
    expect(secrets.size).toBeGreaterThan(4);
    expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
  });
});
