import type { PartnerCenterConfig } from '../config/config.ts';
import type { AccessTokenFacts } from '../sign-in/accessToken.ts';
import type { MfaFinding } from '../sign-in/mfa.ts';
import { quote } from '../text.ts';

/** The facts of a sign-in that was stored. */
export interface LoginOutcome extends AccessTokenFacts {
  mfa: MfaFinding;
}

/** A report for people: the user, MFA, where the token is stored, what to do next. */
export function describeLogin(outcome: LoginOutcome, config: PartnerCenterConfig): string[] {
  const { refreshToken } = config;
  const isSuperseded = refreshToken.kind !== 'environment' && refreshToken.initialToken;
  return [
    `Signed in: ${describeUser(outcome)}, tenant ${config.tenantId}`,
    `Multi-factor authentication: ${describeMfa(outcome)}`,
    `Refresh token stored: ${describePlace(refreshToken)}`,
    ...(isSuperseded
      ? [
          'PARTNER_CENTER_REFRESH_TOKEN is not read any more, as the stored one goes first: remove it',
        ]
      : []),
    'Next: `usage-snapshots doctor`',
  ];
}

/** A report for programs. Unknown values are `null`. */
export function describeLoginAsJson(outcome: LoginOutcome, config: PartnerCenterConfig) {
  const { name = null, objectId = null, amr = null, mfa } = outcome;
  const { refreshToken } = config;
  return {
    tenantId: config.tenantId,
    user: { objectId, name },
    mfa: { amr, isMfaCompliant: mfa.isCompliant ?? null },
    store:
      refreshToken.kind === 'keyVault'
        ? { kind: 'keyVault', vaultUri: refreshToken.vaultUri, secretName: refreshToken.secretName }
        : { kind: 'file' },
  };
}

function describeUser({ name, objectId }: LoginOutcome): string {
  const id = objectId && `object id ${objectId}`;
  if (name !== undefined) return `${quote(name)}${id ? ` (${id})` : ''}`;
  return id ?? 'a user that the access token does not name';
}

function describeMfa({ amr, mfa }: LoginOutcome): string {
  const methods = amr ? ` (amr: ${quote(amr.join(', '))})` : '';
  if (mfa.isCompliant) return `Partner Center takes the sign-in for compliant${methods}`;
  const why = mfa.doubt
    ? `Partner Center could not be asked: ${mfa.doubt}`
    : 'Partner Center does not say';
  return mfa.hasMfa
    ? `done${methods}; ${why}`
    : `not known; ${why}, and the access token does not say`;
}

function describePlace(refreshToken: PartnerCenterConfig['refreshToken']): string {
  return refreshToken.kind === 'keyVault'
    ? `secret ${refreshToken.secretName} in ${refreshToken.vaultUri}`
    : 'in the file of PARTNER_CENTER_REFRESH_TOKEN_FILE';
}
