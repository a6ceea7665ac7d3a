import { describe, expect, it } from 'vitest';
import { type Answer, clientOf, collect, customerId, sample } from './clientHarness.ts';

const refusals = [
  'The relationship between the partner and customer does not exist.',
  'You do not have permission to read this.',
  'Insufficient privileges to complete the operation.',
  'The supplied role does not have the rights to perform the requested operation',
  'Authorization Failed',
  'Unauthorised.',
  'Customer 44908a11 could not be found',
  'The organization is unknown.',
  'The partner cannot be found.',
  "This tenant doesn't exist.",
  'Access denied',
  'No such tenant.',
  JSON.parse(sample('error-404-code3000')).description,
];

describe('code 3000 on a summary', () => {
  it.each(refusals)('refuses by its text: %s', async (description) => {
    for (const status of [400, 404]) {
      for (const body of [
        { code: 3000, description },
        { code: '3000', message: description },
      ]) {
        const { client, server } = await clientOf([{ status, body }]);
        const error = { name: 'RefusedError', code: '3000', facts: { status } };
        await expect(client.getCustomerUsageSummary(customerId)).rejects.toMatchObject(error);
        expect(server.requests).toHaveLength(1);
        expect(client.unfamiliarNoUsage).toBe(0);
      }
    }
  });

  it.each([
    ['Customer does not have usage data.', 0],
    ['Customer "Access Rights Partner Ltd" does not have usage data', 0],
    ['Usage of this customer was not found.', 1],
    ['There is nothing to show right now.', 1],
    ['Invalid property', 1],
    ['', 1],
    [undefined, 1],
  ])(
    'says "no usage" by any other text: %j; one that is not known is counted',
    async (description, unfamiliar) => {
      const { client } = await clientOf([{ status: 404, body: { code: 3000, description } }]);
      expect(await client.getPartnerUsageSummary()).toBeUndefined();
      expect(await client.getCustomerUsageSummary(customerId)).toBeUndefined();
      expect(await client.getSubscriptionUsageSummary(customerId, 's')).toBeUndefined();
      expect(client.unfamiliarNoUsage).toBe(3 * unfamiliar);
    },
  );

  it('with another status is what that status says', async () => {
    const body = { code: 3000, description: 'Customer does not have usage data.' };
    const { client } = await clientOf([{ status: 403, body }]);
    const refused = { name: 'RefusedError' };
    await expect(client.getCustomerUsageSummary(customerId)).rejects.toMatchObject(refused);
  });
});

describe('a summary answered by 204', () => {
  it.each<[string, Answer]>([
    ['alone', { status: 204 }],
    ['with Retry-After', { status: 204, headers: { 'retry-after': '900' } }],
    ['with a content type', { status: 204, headers: { 'content-type': 'application/json' } }],
  ])('%s is "no usage"', async (_how, answer) => {
    const { client, server } = await clientOf([answer]);
    expect(await client.getCustomerUsageSummary(customerId)).toBeUndefined();
    expect(server.requests).toHaveLength(1);
    expect(client.unfamiliarNoUsage).toBe(0);
  });
});

describe('code 3000 on a list', () => {
  it.each([
    [404, 'Customer does not have usage data.', 'UnreadableError'],
    [400, undefined, 'UnreadableError'],
    [404, refusals[0], 'RefusedError'],
    [400, refusals[0], 'RefusedError'],
  ])('by %i with %j is an error as any other', async (status, description, name) => {
    const { client } = await clientOf([{ status, body: { code: 3000, description } }]);
    const error = { name, code: '3000' };
    await expect(collect(client.listCustomers())).rejects.toMatchObject(error);
    await expect(collect(client.listSubscriptionUsageRecords(customerId))).rejects.toMatchObject(
      error,
    );
    expect(client.unfamiliarNoUsage).toBe(0);
  });
});

describe('whether a customer is the partner’s', () => {
  it('is asked for by its id', async () => {
    const { client, server } = await clientOf([{ body: { id: customerId } }]);
    expect(await client.hasCustomer('a/b')).toBe(true);
    expect(server.requests[0]?.path).toBe('/v1/customers/a%2Fb');
  });

  it.each([
    [403, { code: 20002 }],
    [404, { code: 60003 }],
    [404, ''],
    [410, ''],
    [404, { code: 3000, description: refusals[0] }],
  ])('is denied by %i with %j', async (status, body) => {
    const { client } = await clientOf([{ status, body }]);
    expect(await client.hasCustomer(customerId)).toBe(false);
  });

  it.each([
    [401, { code: 900421 }, 'UnauthorizedError'],
    [400, { code: 900118 }, 'UnreadableError'],
  ])('is left open by %i with %j', async (status, body, name) => {
    const { client } = await clientOf([{ status, body }]);
    await expect(client.hasCustomer(customerId)).rejects.toMatchObject({ name });
  });
});

describe('the body of a summary', () => {
  it.each([
    ['what no cost can be read from', '{"totalCost": "many",\n "x": 1.10}'],
    ['what is no JSON', '<html>Welcome</html>'],
    ['nothing', ''],
  ])('is given as received: %s', async (_what, body) => {
    const { client, server } = await clientOf([{ body }]);
    expect(await client.getUsageSummaryBody({})).toBe(body);
    expect(await client.getUsageSummaryBody({ customerId: 'a' })).toBe(body);
    expect(await client.getUsageSummaryBody({ customerId: 'a', subscriptionId: 'b' })).toBe(body);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v1/usagesummary',
      '/v1/customers/a/usagesummary',
      '/v1/customers/a/subscriptions/b/usagesummary',
    ]);
  });

  it('is not there without usage', async () => {
    const { client } = await clientOf([{ status: 404, body: { code: 3000 } }]);
    expect(await client.getUsageSummaryBody({ customerId })).toBeUndefined();
  });
});
