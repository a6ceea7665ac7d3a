import { describe, expect, it } from 'vitest';
import { createNight } from '../../support/night.ts';

/** The summary of a customer whose total cost is sent as this literal. */
async function totalCostOf(literal: string): Promise<string | undefined> {
  const customerId = 'aaaaaaaa-0000-4000-8000-000000000001';
  const path = `/v1/customers/${customerId}/usagesummary`;
  const body = JSON.stringify({
    resourceId: customerId,
    resourceName: 'Maple Foods',
    billingStartDate: '2026-03-01T00:00:00Z',
    billingEndDate: '2026-04-01T00:00:00Z',
    totalCost: JSON.rawJSON(literal),
    currencyCode: 'EUR',
  });
  const night = createNight({ overrides: { [path]: { status: 200, body } } });
  const client = night.context.connect(new AbortController().signal, Number.POSITIVE_INFINITY);
  const summary = await night.clock.run(client.getCustomerUsageSummary(customerId));
  return summary?.totalCost;
}

describe('an amount of the API', () => {
  it.each(['28.82860766744404945074', '-1e15', `0.${'1'.repeat(98)}`])(
    'is kept: %s',
    async (sent) => {
      expect(await totalCostOf(sent)).toBe(sent);
    },
  );

  // Written out, their sums with the amounts of others would be more than a column holds.
  it.each(['1e-250', '1.1e15', `0.${'1'.repeat(99)}`])('is not believed: %s', async (sent) => {
    await expect(totalCostOf(sent)).rejects.toThrow('within ±10^15');
  });
});
