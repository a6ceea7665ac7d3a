import { describe, expect, it } from 'vitest';
import { FatalError, RetriableError } from '../../../src/errors.ts';
import { CustomerList } from '../../../src/snapshot/customerList.ts';
import type { Customer } from '../../../src/usage/customer.ts';
import { createLists, type Lists } from '../../support/customerLists.ts';

const brokenOff = new RetriableError('HTTP_500', 'the list broke off');
const noRecords = new RetriableError('HTTP_503', 'no records');

async function* before(ids: string[]): AsyncGenerator<Customer> {
  for (const id of ids) yield { id, name: id };
}

/** Names of all customers, as a run takes them. */
async function readAll(lists: Lists, listedBefore: string[] = []) {
  const { listed, readRecords } = createLists(lists);
  const list = new CustomerList();
  const customers = list.all(listed, await readRecords(), () => before(listedBefore));
  const names = (await Array.fromAsync(customers)).map(({ name }) => name);
  return { list, names };
}

describe('the customers of a run', () => {
  it('are those of the list, then those that the usage records or the last list name', async () => {
    const lists = { customers: ['a', 'b', 'a'], records: ['b', 'c'] };
    const { list, names } = await readAll(lists, ['a', 'd']);
    expect(names).toEqual(['a', 'b', 'c', 'd']);
    expect([...list.ids]).toEqual(names);
    expect(list.onlyInUsageRecords).toBe(1);
    expect(['a', 'b', 'c', 'd'].map((id) => list.isLeftOut(id))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('are all named once every list was read', async () => {
    const { list } = await readAll({ customers: ['a'], records: ['a'] }, ['a']);
    expect(list.isRead).toBe(true);
    expect(list.error).toBeUndefined();
    const { listed, readRecords } = createLists({ customers: ['a', 'b'] });
    const open = new CustomerList();
    const customers = open.all(listed, await readRecords(), () => before([]));
    await customers.next();
    expect(open.isRead).toBe(false);
  });

  it('may be more than the list named while one that was left out has not departed', async () => {
    const { list } = await readAll({ customers: ['a'], records: ['a'] }, ['a', 'b', 'c']);
    expect(list.isRead).toBe(false);
    expect(list.error).toMatchObject({ code: 'LIST_BROKEN_OFF' });
    list.noteDeparted('b');
    expect(list.isRead).toBe(false);
    list.noteDeparted('c');
    expect(list.isRead).toBe(true);
    expect([...list.ids]).toEqual(['a']);
  });

  it('are read from the other lists where one breaks off, and the first failure is kept', async () => {
    const lists = { customers: ['a'], records: ['b'], customersError: brokenOff };
    const first = await readAll({ ...lists, recordsError: noRecords }, ['c']);
    expect(first.names).toEqual(['a', 'b', 'c']);
    expect(first.list.error).toBe(brokenOff);
    // That a list which broke off does not name a customer says nothing.
    expect(first.list.onlyInUsageRecords).toBe(0);
    const second = await readAll({ customers: ['a'], recordsError: noRecords });
    expect(second.list.error).toBe(noRecords);
  });

  it('are none where the list is empty: nothing is compared', async () => {
    expect((await readAll({}, ['a'])).names).toEqual([]);
  });

  it('cannot be known where no list at all can be read', async () => {
    const lists = { customersError: brokenOff, recordsError: noRecords };
    const work = readAll(lists, ['a']);
    await expect(work).rejects.toThrow(FatalError);
    await expect(work).rejects.toMatchObject({
      code: 'HTTP_500',
      message: 'the list broke off; no records',
      cause: brokenOff,
    });
    const same = readAll({ customersError: brokenOff, recordsError: brokenOff });
    await expect(same).rejects.toThrow(/^the list broke off$/);
    await expect(readAll({ customersError: brokenOff })).resolves.toMatchObject({ names: [] });
  });

  it('are not read on after a failure that concerns everybody', async () => {
    const fatal = new FatalError('AADSTS', 'the sign-in is refused');
    await expect(readAll({ customersError: fatal, records: ['a'] })).rejects.toBe(fatal);
  });

  it('keep no list from being read where the last one cannot be compared, but say so', async () => {
    const { list } = await readAll({ customers: ['a'] });
    list.noteIncomparable('2026-03-09', new Error('out of reach'));
    expect(list.error).toMatchObject({
      code: 'LIST_NOT_COMPARED',
      message: 'the customers of 2026-03-09 could not be read to compare: out of reach',
    });
    list.noteIncomparable('2026-03-08', new Error('other'));
    expect(list.error?.message).toContain('2026-03-09');
  });
});

describe('the customers with usage', () => {
  const withUsage = async (lists: Lists) => {
    const list = new CustomerList();
    const customers = list.withUsage(await createLists(lists).readRecords());
    const names = (await Array.fromAsync(customers)).map(({ name }) => name);
    return { list, names };
  };

  it('are those of the usage records', async () => {
    const { list, names } = await withUsage({ customers: ['x'], records: ['a', 'b'] });
    expect(names).toEqual(['a', 'b']);
    expect(list.isRead).toBe(true);
    expect(list.onlyInUsageRecords).toBe(0);
  });

  it('may be more where the records break off, and cannot be known without any', async () => {
    const { list, names } = await withUsage({ records: ['a'], recordsError: noRecords });
    expect(names).toEqual(['a']);
    expect(list.isRead).toBe(false);
    await expect(withUsage({ recordsError: noRecords })).rejects.toThrow(FatalError);
  });
});

describe('one customer', () => {
  const one = async (id: string, lists: Lists) => {
    const { partnerCenter, readRecords } = createLists(lists);
    const list = new CustomerList();
    const customers = await Array.fromAsync(list.one(id, partnerCenter, await readRecords()));
    return { list, customers };
  };

  it.each<[string, Lists]>([
    ['the usage records', { records: ['a', 'b'], customersError: brokenOff }],
    ['the list', { customers: ['a', 'b'] }],
  ])('is found in %s', async (_where, lists) => {
    const { list, customers } = await one('b', lists);
    expect(customers).toEqual([{ id: 'b', name: 'b' }]);
    expect([...list.ids]).toEqual(['b']);
    expect(list.isRead).toBe(true);
  });

  it('that no list names is an error of the request', async () => {
    await expect(one('c', { customers: ['a'], records: ['b'] })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('got c'),
    });
  });
});
