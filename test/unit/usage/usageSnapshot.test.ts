import { expect, it } from 'vitest';
import { customerOf } from '../../../src/usage/usageSnapshot.ts';

it('a row names its customer, with the domain where that is recorded', () => {
  const row = { customerId: 'a', customerName: 'Maple Foods' };
  expect(customerOf(row)).toStrictEqual({ id: 'a', name: 'Maple Foods' });
  expect(customerOf({ ...row, customerDomain: 'maple.example' })).toStrictEqual({
    id: 'a',
    name: 'Maple Foods',
    domain: 'maple.example',
  });
});
