import { expect, it } from 'vitest';
import { findMisspellings } from '../../../src/config/misspelling.ts';

it.each([
  ['SNAPSHOT_CONCURENCY', 'SNAPSHOT_CONCURRENCY'],
  ['SNAPSHOT_STORAGE__TableServiceUri', 'SNAPSHOT_STORAGE__tableServiceUri'],
  ['PARTNER_CENTER_TENANTID', 'PARTNER_CENTER_TENANT_ID'],
  ['partner_center_client_id', 'PARTNER_CENTER_CLIENT_ID'],
])('%s is no setting, and most alike to %s', (name, nearest) => {
  expect(findMisspellings({ [name]: 'x' })).toEqual([{ name, nearest }]);
});

it('settings, and what others have named, are not misspelt', () => {
  const env = {
    SNAPSHOT_CONCURRENCY: '8',
    PARTNER_CENTER_TENANT_ID: 'x',
    PATH: '/',
    SNAPSHOTS: '',
  };
  expect(findMisspellings(env)).toEqual([]);
});
