import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AzdEnvironment, type RunCommand, requireValue } from './commands.ts';

/**
 * The app registration that users sign in by, created by the Azure CLI with the rights of the user
 * who deploys. It takes two steps: the template needs the client id, and the registration then
 * needs resources of the template. Each request creates or updates, so that both steps can be
 * repeated after a failure (Microsoft Graph: upsert). No secret is needed.
 */

interface Deployment {
  env: AzdEnvironment;
  run: RunCommand;
}

/** Whether the deployment needs a registration that is made here. */
export function needsRegistration(env: AzdEnvironment): boolean {
  return env['HTTP_AUTH'] === 'signIn' && !env['SIGN_IN_CLIENT_ID'];
}

/**
 * Before the deployment: only the registration, by which no user can sign in yet.
 *
 * @returns its client id
 * @throws Error in US Government, or where `az` is missing, signed in to another tenant, or refused
 */
export function ensureRegistration(deployment: Deployment): string {
  const { env, run } = deployment;
  if (env['PARTNER_CENTER_CLOUD'] === 'usgov') {
    throw new Error('In US Government the sign-in takes your own registration: SIGN_IN_CLIENT_ID.');
  }
  checkTenant(deployment);
  const registration = pathOfRegistration(env);
  const made = upsert(run, registration, {
    ...describeRegistration(env),
    signInAudience: 'AzureADMyOrg',
    api: { requestedAccessTokenVersion: 2 },
  });
  // Only a new registration is returned.
  const clientId = made || request(run, 'get', registration);
  if (!/^[0-9a-f-]{36}$/i.test(clientId)) {
    throw new Error('Microsoft Graph named no appId for the registration of the sign-in.');
  }
  return clientId;
}

/**
 * After the deployment: who may sign in, how the registration is proven, where users come back to.
 *
 * @throws Error where `az` is signed in to another tenant, or refused
 */
export function completeRegistration(deployment: Deployment): void {
  const { env, run } = deployment;
  checkTenant(deployment);
  const registration = pathOfRegistration(env);
  const clientId = requireValue(env, 'SIGN_IN_REGISTRATION_CLIENT_ID');
  // First, so that at no time all users of the tenant can sign in: only assigned ones can.
  upsert(run, `servicePrincipals(appId='${clientId}')`, { appRoleAssignmentRequired: true });
  upsert(run, `${registration}/federatedIdentityCredentials(name='identity-of-the-app')`, {
    description: 'The identity of the function app proves the registration.',
    issuer: `https://login.microsoftonline.com/${requireValue(env, 'AZURE_TENANT_ID')}/v2.0`,
    subject: requireValue(env, 'APP_IDENTITY_PRINCIPAL_ID'),
    audiences: ['api://AzureADTokenExchange'],
  });
  upsert(run, registration, {
    ...describeRegistration(env),
    web: {
      redirectUris: [`${requireValue(env, 'SERVICE_API_URI')}/.auth/login/aad/callback`],
      // App Service asks for an id token as well as the code.
      implicitGrantSettings: { enableIdTokenIssuance: true },
    },
  });
}

/** The registration is found by a name that is the deployment's alone. */
function pathOfRegistration(env: AzdEnvironment): string {
  const deployment = `${requireValue(env, 'AZURE_ENV_NAME')}-${requireValue(env, 'AZURE_SUBSCRIPTION_ID')}`;
  return `applications(uniqueName='usage-snapshots-${deployment}')`;
}

const describeRegistration = (env: AzdEnvironment) => ({
  displayName: `CSP usage snapshots (${requireValue(env, 'AZURE_ENV_NAME')})`,
});

function checkTenant({ env, run }: Deployment): void {
  const tenant = run('az', ['account', 'show', '--query', 'tenantId', '--output', 'tsv']);
  const wanted = env['AZURE_TENANT_ID'];
  if (wanted && tenant !== wanted) {
    throw new Error(
      `az is signed in to the tenant ${tenant}, and the deployment is in ${wanted}: run ` +
        `"az login --tenant ${wanted}", then "azd provision".`,
    );
  }
}

function upsert(run: RunCommand, path: string, body: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'usage-snapshots-'));
  try {
    const file = join(folder, 'body.json');
    writeFileSync(file, JSON.stringify(body));
    const headers = ['Content-Type=application/json', 'Prefer=create-if-missing'];
    return request(run, 'patch', path, ['--headers', ...headers, '--body', `@${file}`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The `appId` in the answer; empty where there is none. */
function request(run: RunCommand, method: 'get' | 'patch', path: string, args: string[] = []) {
  const url = `https://graph.microsoft.com/v1.0/${path}`;
  const output = ['--query', 'appId', '--output', 'tsv'];
  return run('az', ['rest', '--method', method, '--url', url, ...args, ...output]);
}
