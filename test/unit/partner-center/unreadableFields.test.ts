import { describe, expect, it } from 'vitest';
import { clientOf, collect, customerId, customers, sample, summary } from './clientHarness.ts';

/** A number that JavaScript cannot hold. */
const exact = '1234.50000000000000000001';

async function read(fields: Record<string, unknown>) {
  const body = JSON.stringify(summary({ totalCost: JSON.rawJSON(exact), ...fields }));
  const { client, server } = await clientOf([{ body }]);
  const found = await client.getCustomerUsageSummary(customerId);
  expect(server.requests).toHaveLength(1);
  expect(found).toMatchObject({ totalCost: exact, raw: body });
  return found;
}

const period = {
  billingStartDate: '2026-03-01T00:00:00+00:00',
  billingEndDate: '2026-04-01T00:00:00+00:00',
};

describe('a cost that can be read is kept with the body, whatever else cannot', () => {
  it.each([
    ['usdTotalCost', '', 'an empty string'],
    ['usdTotalCost', 'NaN', 'a text that is no number'],
    ['usdTotalCost', true, 'true or false'],
    ['usdTotalCost', [3], 'a list'],
    ['usdTotalCost', 1.1e15, 'an amount beyond ±10^15'],
    ['usdTotalCost', JSON.rawJSON('1e-999999999999'), 'a number of more than 100 digits'],
    ['usdTotalCost', JSON.rawJSON(`0.${'1'.repeat(99)}`), 'a number of more than 100 digits'],
    ['budget', 500, 'a number'],
    ['budget', 'none', 'a text'],
    ['budget', false, 'true or false'],
    ['budget', [], 'a list'],
    ['resourceName', { text: 'x' }, 'an object'],
    ['currencyCode', 978, 'a number'],
    ['currencyLocale', 1036, 'a number'],
    ['lastModifiedDate', '', 'an empty string'],
    ['lastModifiedDate', 1773100000, 'a number'],
    ['lastModifiedDate', 'today', 'a text that is no ISO 8601 date'],
  ])('%s: %j', async (field, value, kind) => {
    const found = await read({ [field]: value });
    expect(found).toMatchObject({ ...period, unreadable: [{ field, kind }] });
    const left = { budget: 'budgetAmount', resourceName: 'name' }[field] ?? field;
    expect(found).not.toHaveProperty(left);
  });

  it.each([
    [{ amount: '' }, 'an empty string'],
    [{ amount: JSON.rawJSON('999999999999999999999') }, 'an amount beyond ±10^15'],
    [{ amount: 'EUR 5' }, 'a text that is no number'],
    [{ amount: { value: 5 } }, 'an object'],
  ])('a budget %j', async (budget, kind) => {
    const found = await read({ budget });
    expect(found).toMatchObject({ ...period, unreadable: [{ field: 'budget.amount', kind }] });
    expect(found).not.toHaveProperty('budgetAmount');
  });

  it.each([
    ['', 'an empty string'],
    [20260301, 'a number'],
    ['3/31/2026 12:00:00 AM +00:00', 'a text that is no ISO 8601 date'],
    ['2026-02-30T00:00:00Z', 'a date that does not exist'],
    ['2026-13-01T00:00:00Z', 'a text that is no ISO 8601 date'],
    ['0001-01-01T00:00:00Z', 'a date outside 2010 to ten years ahead'],
  ])('a billing period that begins at %j: then it has none', async (billingStartDate, kind) => {
    const found = await read({ billingStartDate });
    expect(found?.unreadable?.[0]).toEqual({ field: 'billingStartDate', kind });
    expect(found).not.toHaveProperty('billingStartDate');
    expect(found).not.toHaveProperty('billingEndDate');
  });

  it.each([
    ['9999-12-31', 'a date outside 2010 to ten years ahead'],
    ['2026-02-28T00:00:00Z', 'dates in the wrong order'],
    [true, 'true or false'],
  ])('a billing period that ends at %j', async (billingEndDate, kind) => {
    const found = await read({ billingEndDate });
    expect(found?.unreadable).toContainEqual({ field: 'billingEndDate', kind });
    expect(found).not.toHaveProperty('billingStartDate');
  });

  it('half a billing period: the other date is told', async () => {
    const { billingStartDate: _, ...found } = (await read({ billingStartDate: null })) ?? {};
    const expected = { field: 'billingEndDate', kind: 'a date without the other one' };
    expect(found).toMatchObject({ unreadable: [expected] });
    expect(found).not.toHaveProperty('billingEndDate');
  });

  it('all of it at once', async () => {
    const found = await read({
      usdTotalCost: '',
      budget: 500,
      billingStartDate: '0001-01-01T00:00:00',
      billingEndDate: '',
      lastModifiedDate: {},
      currencyCode: 5,
    });
    expect(found?.unreadable?.map(({ field }) => field).sort()).toEqual([
      'billingEndDate',
      'billingStartDate',
      'budget',
      'currencyCode',
      'lastModifiedDate',
      'usdTotalCost',
    ]);
  });
});

describe('a field of a summary that is', () => {
  it('null or absent is not told', async () => {
    const nothing = {
      usdTotalCost: null,
      budget: null,
      billingStartDate: null,
      billingEndDate: null,
      lastModifiedDate: null,
      resourceName: null,
      currencyCode: null,
    };
    const found = await read(nothing);
    expect(Object.keys(found ?? {}).sort()).toEqual(['raw', 'totalCost']);
  });

  it('a date with a space in place of the T is kept', async () => {
    const dates = {
      billingStartDate: '2026-02-28 00:00:00Z',
      billingEndDate: '2026-03-31 00:00:00Z',
    };
    const found = await read(dates);
    expect(found).toMatchObject(dates);
    expect(found).not.toHaveProperty('unreadable');
  });

  it('an empty currency code beside a locale makes a legacy record, and is not told', async () => {
    const found = await read({ currencyCode: '', currencyLocale: 'fr-FR', usdTotalCost: 0 });
    expect(found).toMatchObject({ currencyLocale: 'fr-FR' });
    for (const absent of ['currencyCode', 'usdTotalCost', 'unreadable']) {
      expect(found).not.toHaveProperty(absent);
    }
  });

  it('a name made of digits is kept', async () => {
    expect(await read({ resourceName: '365' })).toHaveProperty('name', '365');
  });
});

describe('a usage record', () => {
  const record = JSON.parse(sample('customers-usagerecords')).items[1];

  it('whose cost cannot be read still names its customer, and says so', async () => {
    const costs = [{ totalCost: 'NaN' }, { totalCost: '' }, { totalCost: null }];
    const items = costs.map((cost, index) => ({ ...record, id: `C${index}`, ...cost }));
    const { client } = await clientOf([{ body: { items } }]);
    const found = await collect(client.listCustomerUsageRecords());
    const kinds = ['a text that is no number', 'an empty string', 'nothing'];
    expect(found).toHaveLength(3);
    for (const [index, kind] of kinds.entries()) {
      expect(found[index]).toMatchObject({
        customerId: `c${index}`,
        customerName: 'Modern Azure Customer SE',
        unreadable: [{ field: 'totalCost', kind }],
      });
      expect(found[index]).not.toHaveProperty('totalCost');
    }
  });

  it('of a subscription loses nothing but what cannot be read', async () => {
    const body = JSON.parse(sample('subscriptions-usagerecords-azureplan-nonzero'));
    const [item] = body.items;
    const items = [{ ...item, usdTotalCost: '', lastModifiedDate: 'soon', status: {} }];
    const { client } = await clientOf([{ body: { items } }]);
    const [found] = await collect(client.listSubscriptionUsageRecords(customerId));
    expect(found).toMatchObject({
      subscription: { id: item.id, partnerOnRecord: '6048879' },
      unreadable: [
        { field: 'usdTotalCost', kind: 'an empty string' },
        { field: 'lastModifiedDate', kind: 'a text that is no ISO 8601 date' },
        { field: 'status', kind: 'an object' },
      ],
    });
    expect(found?.subscription).not.toHaveProperty('status');
  });

  it('is found by its other id where one cannot be read', async () => {
    const items = [
      { ...record, id: 'a/b', resourceId: 'C1' },
      { ...record, id: 'C2', resourceId: '' },
    ];
    const { client } = await clientOf([{ body: { items } }]);
    const found = await collect(client.listCustomerUsageRecords());
    expect(found.map((each) => each.customerId)).toEqual(['c1', 'c2']);
    expect(found[0]?.unreadable).toEqual([{ field: 'id', kind: 'a text that is no id' }]);
  });
});

describe('an item of a list needs its id alone', () => {
  it('as a customer', async () => {
    const items = [
      { id: 'a', companyProfile: 'Maple Foods' },
      { id: 'b', companyProfile: { companyName: null, domain: 5 } },
      { id: 'c', companyProfile: { companyName: {}, domain: 'c.example' } },
      { id: 'd' },
    ];
    const { client } = await clientOf([{ body: { items } }]);
    expect(await collect(client.listCustomers())).toEqual([
      { id: 'a', name: 'a' },
      { id: 'b', name: '5', domain: '5' },
      { id: 'c', name: 'c.example', domain: 'c.example' },
      { id: 'd', name: 'd' },
    ]);
  });

  it('as a subscription', async () => {
    const items = [{ id: 'a', friendlyName: [], offerId: true, unitType: 'Usage-based' }];
    const { client } = await clientOf([{ body: { items } }]);
    expect(await collect(client.listSubscriptions(customerId))).toEqual([
      { id: 'a', name: 'a', unitType: 'Usage-based' },
    ]);
  });

  it('and fails the list at its end where it has none', async () => {
    const items = [{ id: '' }, { id: 'a/b' }, ...customers(['c']).items, {}];
    const { client } = await clientOf([{ body: { items } }]);
    const seen: unknown[] = [];
    const list = async () => {
      for await (const page of client.listCustomers()) seen.push(...page);
    };
    await expect(list()).rejects.toThrow(
      '3 items could not be read, the first: id: expected an id',
    );
    expect(seen).toHaveLength(1);
  });
});
