import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  describeLogin,
  describeLoginAsJson,
  type LoginOutcome,
} from '../../../src/cli/loginReport.ts';
import { loadPartnerCenterConfig } from '../../../src/config/loadConfig.ts';

const tenantId = '6a3b7c10-0000-4000-8000-00000000000a';
const vaultUri = 'https://kv-snapshots.vault.azure.net';

const config = loadPartnerCenterConfig({
  PARTNER_CENTER_TENANT_ID: tenantId,
  PARTNER_CENTER_CLIENT_ID: '6a3b7c10-0000-4000-8000-00000000000b',
  PARTNER_CENTER_CLIENT_SECRET: 'a-secret',
  KEY_VAULT_URI: vaultUri,
  PARTNER_CENTER_REFRESH_TOKEN: 'an-older-token',
});

const unknown: LoginOutcome = { mfa: { hasMfa: undefined, isCompliant: undefined } };
const linesOf = (outcome: LoginOutcome) => describeLogin(outcome, config).join('\n');

describe('what login says', () => {
  it('names the secret in Key Vault, and the setting that is not read any more', () => {
    expect(linesOf(unknown)).toContain(
      `Refresh token stored: secret partner-center-refresh-token in ${vaultUri}`,
    );
    expect(linesOf(unknown)).toContain('PARTNER_CENTER_REFRESH_TOKEN is not read any more');
    expect(describeLoginAsJson(unknown, config)).toEqual({
      tenantId,
      user: { objectId: null, name: null },
      mfa: { amr: null, isMfaCompliant: null },
      store: { kind: 'keyVault', vaultUri, secretName: 'partner-center-refresh-token' },
    });
  });

  it('holds neither the secret nor the older token', () => {
    const said = linesOf(unknown) + inspect(describeLoginAsJson(unknown, config));
    expect(said).not.toMatch(/a-secret|an-older-token/);
  });

  it.each<[string, LoginOutcome, string]>([
    ['that nobody knows', unknown, 'not known; Partner Center does not say, and the access token'],
    [
      'that the token alone knows',
      { amr: ['pwd', 'mfa'], mfa: { hasMfa: true, isCompliant: undefined } },
      'done (amr: pwd, mfa); Partner Center does not say',
    ],
    [
      'that Partner Center could not be asked about',
      { mfa: { hasMfa: undefined, isCompliant: undefined, doubt: 'GET /v1/customers failed' } },
      'not known; Partner Center could not be asked: GET /v1/customers failed, and the access',
    ],
  ])('tells of MFA %s', (_, outcome, text) => {
    expect(linesOf(outcome)).toContain(`Multi-factor authentication: ${text}`);
  });

  it('shows a name as one line, with escapes for control characters', () => {
    expect(linesOf({ ...unknown, name: 'A\u001b[31m\nB' })).toContain(
      'Signed in: A\\u001b[31m\\u000aB, tenant ',
    );
  });
});
