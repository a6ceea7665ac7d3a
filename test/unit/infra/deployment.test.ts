import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { skipTest } from '../../support/platform.ts';
import { type Bicep, findBicep, type PredictedResource } from './bicep.ts';

/** What the templates make, as Bicep itself says. */

const timeout = 600_000;
let bicep: Bicep | undefined;
beforeAll(async () => {
  bicep = await findBicep();
}, timeout);

const needBicep = (context: TestContext): Bicep =>
  bicep ?? skipTest(context, 'there is no Bicep CLI: infra/ is neither linted nor built');

const predictions = new Map<string, Promise<PredictedResource[]>>();

/** What a deployment by one of the files in `parameters` makes; Bicep is asked once for each. */
function predict(context: TestContext, name: string): Promise<PredictedResource[]> {
  const file = new URL(`parameters/${name}.bicepparam`, import.meta.url);
  const prediction = predictions.get(name) ?? needBicep(context).predict(file);
  predictions.set(name, prediction);
  return prediction;
}

/** The properties of the only resource of a type whose name ends so. */
function propertiesOf(resources: PredictedResource[], type: string, nameEnd = '') {
  const found = resources.filter((it) => it.type === type && it.name.endsWith(nameEnd));
  expect(found, `${type} ${nameEnd}`).toHaveLength(1);
  return found[0]?.properties;
}

const roles: Record<string, string> = {
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': 'Key Vault Secrets Officer',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
};

/** One line for a resource: its type, and a name without what is only there to be unique. */
function describeResource(resource: PredictedResource): string {
  const { type, condition, properties } = resource;
  const name = describeName(resource);
  const line = `${type}  ${name.replace(/e45rpyud3h4ny/g, '<id>')}`;
  if (condition) return `${line}  (only if ${condition.slice(1, -1)})`;
  return (properties as { enabled?: boolean } | undefined)?.enabled === false
    ? `${line}  (off)`
    : line;
}

function describeName(resource: PredictedResource): string {
  const { type, name, properties } = resource;
  if (type.endsWith('/roleAssignments')) return describeRole(resource);
  // Its name is a GUID.
  if (type.endsWith('/workbooks')) return (properties as { displayName: string }).displayName;
  return evaluate(name);
}

/** Which role on what, and whose. */
function describeRole({ id, properties }: PredictedResource): string {
  const { roleDefinitionId, principalId, principalType } = properties as Record<string, string>;
  const scope = /\/providers\/Microsoft\.\w+\/([\w/-]+?)(?=\/providers\/|')/.exec(id)?.[1];
  const role = roles[roleDefinitionId?.split('/').at(-1) ?? ''];
  const holder = principalId?.includes('userAssignedIdentities') ? 'the app' : principalType;
  return `${role} on ${scope} for ${holder}`;
}

/** A name as public Azure has it, where its expression asks only which cloud it is. */
function evaluate(name: string): string {
  if (!name.startsWith('[')) return name;
  return runInNewContext(name.slice(1, -1), {
    format: (text: string, ...values: string[]) =>
      text.replace(/\{(\d)\}/g, (_, index) => values[index] ?? ''),
    replace: (text: string, from: string, to: string) => text.replaceAll(from, to),
    environment: () => ({
      suffixes: { storage: 'core.windows.net', keyvaultDns: '.vault.azure.net' },
    }),
  });
}

it('The templates are built without an error or a warning', { timeout }, async (context) => {
  const main = new URL('../../../infra/main.bicep', import.meta.url);
  const { text, messages } = await needBicep(context).build(main);
  expect(messages).toBe('');
  // Azure Resource Manager: a template has 4 MB at most.
  expect(text.length).toBeLessThan(1_000_000);
});

describe('A deployment', () => {
  it.for(['default', 'everything', 'ownRegistration'])(
    'by parameters/%s.bicepparam makes what the list beside it names, by no preview of an API',
    { timeout },
    async (name, context) => {
      const resources = await predict(context, name);
      const list = resources.map((it) => `${describeResource(it)}\n`).join('');
      await expect(list).toMatchFileSnapshot(`parameters/${name}.txt`);
      expect(resources.filter(({ apiVersion }) => apiVersion.includes('preview'))).toEqual([]);
    },
  );

  it('keeps storage, vault and telemetry as closed as they can be', {
    timeout,
  }, async (context) => {
    const resources = await predict(context, 'default');
    expect(propertiesOf(resources, 'Microsoft.Storage/storageAccounts')).toMatchObject({
      allowSharedKeyAccess: false,
      isLocalUserEnabled: false,
      isSftpEnabled: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      supportsHttpsTrafficOnly: true,
      minimumTlsVersion: 'TLS1_2',
      encryption: { requireInfrastructureEncryption: true },
    });
    const kept = { enabled: true, days: 30 };
    expect(propertiesOf(resources, 'Microsoft.Storage/storageAccounts/blobServices')).toMatchObject(
      { deleteRetentionPolicy: kept, containerDeleteRetentionPolicy: kept },
    );
    expect(propertiesOf(resources, 'Microsoft.KeyVault/vaults')).toMatchObject({
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
    });
    expect(propertiesOf(resources, 'Microsoft.Insights/components')).toMatchObject({
      DisableLocalAuth: true,
      DisableIpMasking: false,
    });
    const workspace = propertiesOf(resources, 'Microsoft.OperationalInsights/workspaces');
    expect(workspace).toMatchObject({ features: { disableLocalAuth: true } });
    expect(propertiesOf(resources, 'Microsoft.Web/sites')).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: '1.2' },
    });
  });

  it('in a private network opens storage and vault to the addresses that are named', {
    timeout,
  }, async (context) => {
    const resources = await predict(context, 'everything');
    for (const type of ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults']) {
      expect(propertiesOf(resources, type)).toMatchObject({
        networkAcls: {
          defaultAction: 'Deny',
          bypass: 'None',
          ipRules: [{ value: '198.51.100.7' }, { value: '203.0.113.0/24' }],
        },
      });
    }
  });

  it('looks for no night before the first that was due, and by default at every one', {
    timeout,
  }, async (context) => {
    for (const [name, line] of [
      ['default', 'let firstNight = datetime(null);'],
      ['everything', 'let firstNight = datetime(2026-03-01);'],
    ] as const) {
      const rules = (await predict(context, name)).filter((it) =>
        it.name.startsWith('no-complete'),
      );
      expect(rules).toHaveLength(2);
      for (const { properties } of rules) expect(JSON.stringify(properties)).toContain(line);
    }
  });

  it('has a workbook of its workspace, and every alert names it', { timeout }, async (context) => {
    const resources = await predict(context, 'everything');
    const [workbook] = resources.filter(({ type }) => type === 'Microsoft.Insights/workbooks');
    const text = JSON.stringify(workbook?.properties);
    expect(text).toContain('/workspaces/log-');
    expect(text).not.toContain('WORKSPACE_RESOURCE_ID');
    const rules = resources.filter(({ type }) =>
      /\/(scheduledQueryRules|metricAlerts)$/.test(type),
    );
    expect(rules).not.toEqual([]);
    for (const { name, properties } of rules) {
      const { description } = properties as { description: string };
      expect(description, name).toContain(workbook?.id ?? 'no workbook');
    }
  });

  it('tells nobody that a digest has closed, and of every other alert', {
    timeout,
  }, async (context) => {
    const resources = await predict(context, 'everything');
    const silent = propertiesOf(resources, 'Microsoft.AlertsManagement/actionRules');
    const digests = resources.filter(({ type, name }) =>
      /^Microsoft.Insights.scheduledQueryRules (.*-digest|new-refusals|lasting-failures)-/.test(
        `${type} ${name}`,
      ),
    );
    expect(digests).toHaveLength(4);
    expect(silent).toMatchObject({
      enabled: true,
      conditions: [
        { field: 'MonitorCondition', operator: 'Equals', values: ['Resolved'] },
        { field: 'AlertRuleId', operator: 'Equals', values: digests.map(({ id }) => id) },
      ],
      actions: [{ actionType: 'RemoveAllActionGroups' }],
    });
  });

  it('mails to the addresses that are named, whatever commas there are', {
    timeout,
  }, async (context) => {
    const groups = await predict(context, 'everything');
    const people = groups.find(({ name }) => name.startsWith('ag-people'))?.properties;
    expect(people).toMatchObject({
      emailReceivers: [{ emailAddress: 'night@example.com' }, { emailAddress: 'day@example.com' }],
    });
  });

  it('takes your own registration of the sign-in before the one of the hooks', {
    timeout,
  }, async (context) => {
    const settingsOf = async (name: string) =>
      propertiesOf(await predict(context, name), 'Microsoft.Web/sites/config', '/authsettingsV2');
    const registered = (clientId: string) => ({
      identityProviders: { azureActiveDirectory: { registration: { clientId } } },
    });
    expect(await settingsOf('default')).toEqual({ platform: { enabled: false } });
    const made = registered('66666666-6666-6666-6666-666666666666');
    expect(await settingsOf('everything')).toMatchObject(made);
    const own = registered('77777777-7777-7777-7777-777777777777');
    expect(await settingsOf('ownRegistration')).toMatchObject(own);
  });

  it('with the sign-in and no registration is refused, and says what to do', {
    timeout,
  }, async (context) => {
    needBicep(context);
    await expect(predict(context, 'noRegistration')).rejects.toMatchObject({
      stderr: expect.stringContaining('set SIGN_IN_CLIENT_ID to your own'),
    });
  });
});
