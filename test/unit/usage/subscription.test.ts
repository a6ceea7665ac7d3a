import { describe, expect, it } from 'vitest';
import { isUsageBased } from '../../../src/usage/subscription.ts';

const subscription = (fields: object) => ({ id: 'a', name: 'b', ...fields });

describe('a subscription', () => {
  it.each([
    { offerId: 'MS-AZR-0145P' },
    { offerId: 'ms-azr-0146p' },
    { offerId: 'MS-AZR-USGOV-0146P' },
    { offerId: 'DZH318Z0BPS6:0001:DZH318Z0BML6' },
    { offerId: 'DZH318Z0BPS6:0001:DZH318Z0BMGV', billingType: 'none' },
    { billingType: 'usage' },
    { unitType: 'Usage-based' },
  ])('is billed by use: %j', (fields) => {
    expect(isUsageBased(subscription(fields))).toBe(true);
  });

  it.each([
    { offerId: 'CFQ7TTC0LH18:0001:CFQ7TTC0K971', billingType: 'license', unitType: 'Licenses' },
    { offerId: 'DZH318Z0BQ3Q:00GF:DZH318Z0BQ42', billingType: 'none', unitType: 'none' },
    {},
  ])('is a licence or a reservation: %j', (fields) => {
    expect(isUsageBased(subscription(fields))).toBe(false);
  });
});
