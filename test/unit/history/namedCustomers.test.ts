import { describe, expect, it } from 'vitest';
import { findNamed } from '../../../src/history/namedCustomers.ts';

const bakery = '3a0c11e7-de49-42ea-a92b-f58f9d71adfa';
const customers = [
  { id: '1', name: 'Maple', domain: 'maple.example' },
  { id: '2', name: 'Maple Foods', domain: 'foods.example' },
  { id: bakery, name: 'Größe Bäckerei', domain: 'maple-baker.example' },
  // Of an earlier version, or of a list that names no domain.
  { id: '4', name: 'Birch Foods' },
];
const idsOf = (text: string) => findNamed(text, customers).map(({ id }) => id);

describe('a customer is named', () => {
  it.each([
    ['its whole name, though that is a part of another', 'MAPLE', ['1']],
    ['its domain', 'Foods.Example', ['2']],
    ['a part of its name that no other has', 'birch', ['4']],
    ['a part of its name with any letters', 'größe b', [bakery]],
    ['a part of its domain where that is in no name', 'baker.ex', [bakery]],
    ['the first group of its id', '3A0C11E7', [bakery]],
    ['what a narrow table shows of its id', '3a0c11e7…', [bakery]],
    ['what a narrow table shows of its name', 'Größe Bäck…', [bakery]],
  ])('by %s', (_what, text, expected) => {
    expect(idsOf(text)).toEqual(expected);
  });
});

it('a part of several names names all of them, and nobody by the domain', () => {
  expect(idsOf('foods')).toEqual(['2', '4']);
  expect(idsOf('example')).toEqual(['1', '2', bakery]);
});

it('fewer than 8 characters of an id name nobody', () => {
  expect(idsOf('3a0c11e')).toEqual([]);
});

it('what nobody has names nobody', () => {
  expect(idsOf('oak')).toEqual([]);
});
