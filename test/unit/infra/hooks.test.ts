import { describe, expect, it } from 'vitest';
import { computeFirstNight } from '../../../scripts/hooks/firstNight.ts';
import { type Call, createFakeCommands, tenantId } from './fakeCommands.ts';

const subscriptionId = '55555555-5555-5555-5555-555555555555';
const clientId = '66666666-6666-6666-6666-666666666666';
const fresh = {
  AZURE_ENV_NAME: 'usage',
  AZURE_SUBSCRIPTION_ID: subscriptionId,
  AZURE_LOCATION: 'westeurope',
  HTTP_AUTH: 'signIn',
  // May hold a key.
  ALERT_WEBHOOK_URI: 'https://hooks.example.com/the-secret-of-the-webhook',
};
/** What a deployment adds. */
const deployed = {
  AZURE_TENANT_ID: tenantId,
  SERVICE_API_URI: 'https://func-x.azurewebsites.net',
  APP_IDENTITY_PRINCIPAL_ID: '88888888-8888-8888-8888-888888888888',
};
const registration = `https://graph.microsoft.com/v1.0/applications(uniqueName='usage-snapshots-usage-${subscriptionId}')`;

/** A call in one line, without the name of the file that the body is in. */
function describeCall({ command, args }: Call): string {
  const [first = '', ...rest] = args;
  if (first !== 'rest') return [command, first, ...rest].join(' ');
  const after = (name: string) => args[args.indexOf(name) + 1];
  return `az rest ${after('--method')} ${after('--url')}`;
}
const upsertsOf = (calls: Call[]) => calls.filter(({ args }) => args.includes('patch'));

describe('The first night', () => {
  const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);

  it('is today before the nightly run is due, else tomorrow', () => {
    expect(computeFirstNight({}, at('02:29:59'))).toBe('2026-03-01');
    expect(computeFirstNight({}, at('02:30:00'))).toBe('2026-03-02');
    expect(computeFirstNight({ SNAPSHOT_SCHEDULE: '0 0 6 * * *' }, at('05:00:00'))).toBe(
      '2026-03-01',
    );
    expect(computeFirstNight({ SNAPSHOT_SCHEDULE: 'at night' }, at('05:00:00'))).toBe('2026-03-02');
  });

  it('stays as it is once the app is deployed, so that no later deployment silences an alert', () => {
    const app = { SERVICE_API_URI: 'https://func-x.azurewebsites.net' };
    expect(
      computeFirstNight({ ...app, FIRST_NIGHT: '2025-11-30' }, at('12:00:00')),
    ).toBeUndefined();
    // Deployed before there was such a value: every night was due.
    expect(computeFirstNight(app, at('12:00:00'))).toBeUndefined();
  });

  it('moves on while no deployment has succeeded, but never to before what was chosen', () => {
    expect(computeFirstNight({ FIRST_NIGHT: '2026-02-25' }, at('12:00:00'))).toBe('2026-03-02');
    expect(computeFirstNight({ FIRST_NIGHT: '2026-03-09' }, at('12:00:00'))).toBeUndefined();
  });
});

describe('The hooks of azd', () => {
  it('with a function key ask Azure for nothing but the region, and only the first time', async () => {
    await using azd = await createFakeCommands({ ...fresh, HTTP_AUTH: 'key' });
    const first = await azd.runHook('preprovision');
    expect(first.calls.map(describeCall)).toEqual([
      'az functionapp list-flexconsumption-locations --query [].name --output tsv',
      expect.stringMatching(/^azd env set FIRST_NIGHT \d{4}-\d\d-\d\d --environment usage$/),
    ]);
    Object.assign(azd.values, deployed);
    expect(await azd.runHook('postprovision')).toEqual({ exitCode: 0, output: '', calls: [] });
    expect(await azd.runHook('preprovision')).toEqual({ exitCode: 0, output: '', calls: [] });
  });

  it('make the registration of the sign-in, and complete it once the app is there', async () => {
    await using azd = await createFakeCommands(fresh);
    const before = await azd.runHook('preprovision');
    expect(before).toMatchObject({ exitCode: 0, output: '' });
    expect(before.calls.slice(2).map(describeCall)).toEqual([
      'az account show --query tenantId --output tsv',
      `az rest patch ${registration}`,
      `azd env set SIGN_IN_REGISTRATION_CLIENT_ID ${clientId} --environment usage`,
    ]);
    // Nobody can sign in by it yet.
    expect(upsertsOf(before.calls)[0]?.body).toEqual({
      displayName: 'CSP usage snapshots (usage)',
      signInAudience: 'AzureADMyOrg',
      api: { requestedAccessTokenVersion: 2 },
    });

    Object.assign(azd.values, deployed);
    const after = await azd.runHook('postprovision');
    expect(after).toMatchObject({ exitCode: 0, output: '' });
    expect(after.calls.map(describeCall)).toEqual([
      'az account show --query tenantId --output tsv',
      `az rest patch https://graph.microsoft.com/v1.0/servicePrincipals(appId='${clientId}')`,
      `az rest patch ${registration}/federatedIdentityCredentials(name='identity-of-the-app')`,
      `az rest patch ${registration}`,
    ]);
    expect(upsertsOf(after.calls).map(({ body }) => body)).toEqual([
      { appRoleAssignmentRequired: true },
      expect.objectContaining({
        issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
        subject: deployed.APP_IDENTITY_PRINCIPAL_ID,
        audiences: ['api://AzureADTokenExchange'],
      }),
      expect.objectContaining({
        web: {
          redirectUris: ['https://func-x.azurewebsites.net/.auth/login/aad/callback'],
          implicitGrantSettings: { enableIdTokenIssuance: true },
        },
      }),
    ]);
  });

  it('find the same registration the second time, and leave the first night alone', async () => {
    await using azd = await createFakeCommands(fresh);
    await azd.runHook('preprovision');
    Object.assign(azd.values, deployed, { FIRST_NIGHT: '2026-03-01' });
    await azd.runHook('postprovision');
    const values = { ...azd.values };

    const before = await azd.runHook('preprovision');
    expect(before.calls.map(describeCall)).toEqual([
      'az account show --query tenantId --output tsv',
      `az rest patch ${registration}`,
      `az rest get ${registration}`,
      `azd env set SIGN_IN_REGISTRATION_CLIENT_ID ${clientId} --environment usage`,
    ]);
    const after = await azd.runHook('postprovision');
    expect([before.exitCode, after.exitCode]).toEqual([0, 0]);
    expect(azd.values).toEqual(values);
    // Each request makes what is missing, and changes what is there.
    for (const { args } of upsertsOf([...before.calls, ...after.calls])) {
      expect(args).toContain('Prefer=create-if-missing');
    }
  });

  it.each([
    ['preprovision', 'applications('],
    ['preprovision', 'SIGN_IN_REGISTRATION_CLIENT_ID'],
    ['postprovision', 'servicePrincipals'],
    ['postprovision', 'federatedIdentityCredentials'],
  ] as const)(
    'stop the deployment where %s fails at %s, and go on at the next one',
    async (hook, failAt) => {
      await using azd = await createFakeCommands(fresh);
      if (hook === 'postprovision') {
        await azd.runHook('preprovision');
        Object.assign(azd.values, deployed);
      }
      const failed = await azd.runHook(hook, failAt);
      expect(failed.exitCode).toBe(1);
      expect(failed.output).toContain('Insufficient privileges');
      // Nothing is done after what has failed.
      expect(failed.calls.at(-1)?.args.join(' ')).toContain(failAt);

      expect(await azd.runHook(hook)).toMatchObject({ exitCode: 0, output: '' });
      expect(azd.values['SIGN_IN_REGISTRATION_CLIENT_ID']).toBe(clientId);
    },
  );

  it('touch no registration where you have named your own', async () => {
    const own = { SIGN_IN_CLIENT_ID: '77777777-7777-7777-7777-777777777777' };
    await using azd = await createFakeCommands({ ...fresh, ...deployed, ...own });
    for (const hook of ['preprovision', 'postprovision'] as const) {
      expect(await azd.runHook(hook)).toEqual({ exitCode: 0, output: '', calls: [] });
    }
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a region without Flex Consumption',
      { AZURE_LOCATION: 'brazilsoutheast' },
      'northeurope, westeurope',
    ],
    ['another tenant', { AZURE_TENANT_ID: subscriptionId }, `az login --tenant ${subscriptionId}`],
    ['US Government', { PARTNER_CENTER_CLOUD: 'usgov' }, 'SIGN_IN_CLIENT_ID'],
    ['no subscription chosen', { AZURE_SUBSCRIPTION_ID: '' }, 'run "azd up"'],
  ])('make nothing in %s, and say what to do', async (_, values, cure) => {
    await using azd = await createFakeCommands({ ...fresh, ...values });
    const { exitCode, output, calls } = await azd.runHook('preprovision');
    expect(exitCode).toBe(1);
    expect(output).toContain(cure);
    expect(upsertsOf(calls)).toEqual([]);
  });

  it('go on without az, unless a registration is needed', async () => {
    await using key = await createFakeCommands({ ...fresh, HTTP_AUTH: 'key' }, ['azd']);
    expect(await key.runHook('preprovision')).toMatchObject({ exitCode: 0, output: '' });
    await using signIn = await createFakeCommands(fresh, ['azd']);
    expect(await signIn.runHook('preprovision')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('`az` cannot be run: is it installed?'),
    });
  });

  it('put no secret on a command line or into what they print', async () => {
    await using azd = await createFakeCommands(fresh);
    const before = await azd.runHook('preprovision');
    Object.assign(azd.values, deployed);
    const after = await azd.runHook('postprovision', 'federatedIdentityCredentials');
    const seen = JSON.stringify([before, after]);
    expect(seen).toContain(clientId);
    expect(seen).not.toContain('the-secret-of-the-webhook');
  });
});
