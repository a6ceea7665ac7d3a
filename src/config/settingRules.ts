import type { GivenSettings } from './givenSettings.ts';

/** Rules over several settings. They check only whether settings are set, not their values. */

/** The problems, as lines. */
export type SettingRule = (given: GivenSettings) => string[];

function namesSet(given: GivenSettings, names: string[]): string {
  return names.filter((name) => given[name] !== undefined).join(' and ') || 'none of them';
}

const clientProofs = [
  'PARTNER_CENTER_CLIENT_SECRET',
  'PARTNER_CENTER_CLIENT_CERTIFICATE_PATH',
  'PARTNER_CENTER_CLIENT_ASSERTION',
];

export function checkClientProof(given: GivenSettings): string[] {
  if (clientProofs.filter((name) => given[name] !== undefined).length === 1) return [];
  return [`${clientProofs.join(', ')}: expected exactly one, got ${namesSet(given, clientProofs)}`];
}

const refreshTokenStores = ['KEY_VAULT_URI', 'PARTNER_CENTER_REFRESH_TOKEN_FILE'];
const refreshTokenSources = [...refreshTokenStores, 'PARTNER_CENTER_REFRESH_TOKEN'];

export function checkRefreshToken(given: GivenSettings): string[] {
  if (refreshTokenStores.every((name) => given[name] !== undefined)) {
    return [`${refreshTokenStores.join(', ')}: expected only one of them, got both`];
  }
  if (refreshTokenSources.some((name) => given[name] !== undefined)) return [];
  return [`${refreshTokenSources.join(', ')}: expected one of them, got none of them`];
}

const storages = ['SNAPSHOT_STORAGE', 'SNAPSHOT_STORAGE__tableServiceUri'];

export function checkStorage(given: GivenSettings): string[] {
  if (storages.filter((name) => given[name] !== undefined).length === 1) return [];
  return [`${storages.join(', ')}: expected exactly one, got ${namesSet(given, storages)}`];
}
