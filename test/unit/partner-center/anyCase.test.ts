import { describe, expect, it } from 'vitest';
import { clientOf, collect, customerId, summary } from './clientHarness.ts';

/** A number that JavaScript cannot hold. */
const exact = '1234.50000000000000000001';
const period = {
  billingStartDate: '2026-03-01T00:00:00+00:00',
  billingEndDate: '2026-04-01T00:00:00+00:00',
};

describe('fields in another case', () => {
  it('are read as Microsoft’s own clients read them', async () => {
    const { client } = await clientOf([
      {
        body: {
          TotalCost: JSON.rawJSON(exact),
          USDTOTALCOST: 2,
          Budget: { Amount: 97 },
          BillingStartDate: period.billingStartDate,
          billingenddate: period.billingEndDate,
          CurrencyCode: 'EUR',
          ResourceName: 'Maple Foods',
        },
      },
    ]);
    expect(await client.getCustomerUsageSummary(customerId)).toMatchObject({
      ...period,
      totalCost: exact,
      usdTotalCost: '2',
      budgetAmount: '97',
      currencyCode: 'EUR',
      name: 'Maple Foods',
    });
  });

  it('give way to those in the documented case', async () => {
    const { client } = await clientOf([{ body: summary({ TotalCost: 7, CURRENCYCODE: 'USD' }) }]);
    const found = await client.getCustomerUsageSummary(customerId);
    expect(found).toMatchObject({ totalCost: '1.5', currencyCode: 'EUR' });
  });

  it('lead through a list: Items, Links, Next, Uri, Headers, ContinuationToken', async () => {
    const Next = {
      Uri: '/customers?page=2',
      Headers: [{ Key: 'MS-ContinuationToken', Value: 'T' }],
    };
    const profile = { CompanyName: 'Maple Foods' };
    const { client, server } = await clientOf([
      { body: { Items: [{ Id: 'A', CompanyProfile: profile }], Links: { Next } } },
      { body: { ITEMS: [{ ID: 'b' }], ContinuationToken: 'T2' } },
      { body: { Items: null, Links: null } },
    ]);
    expect(await collect(client.listCustomers())).toEqual([
      { id: 'a', name: 'Maple Foods' },
      { id: 'b', name: 'b' },
    ]);
    expect(server.requests[1]?.headers['ms-continuationtoken']).toBe('T');
    expect(server.requests[2]?.headers['ms-continuationtoken']).toBe('T2');
  });

  it('tell an error by its code', async () => {
    const body = { Code: 3000, Description: 'Customer does not have usage data.' };
    const { client } = await clientOf([{ status: 404, body }]);
    expect(await client.getCustomerUsageSummary(customerId)).toBeUndefined();
    expect(client.unfamiliarNoUsage).toBe(0);
  });
});
