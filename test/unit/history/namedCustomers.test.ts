import { describe, expect, it } from 'vitest';
import { findNamed } from '../../../src/history/namedCustomers.ts';

const customers = [
  { id: '1', name: 'Maple', domain: 'maple.example' },
  { id: '2', name: 'Maple Foods', domain: 'foods.example' },
  { id: '3', name: 'Größe Bäckerei', domain: 'maple-baker.example' },
  // Of an earlier version, or of a list that names no domain.
  { id: '4', name: 'Birch Foods' },
];
const idsOf = (text: string) => findNamed(text, customers).map(({ id }) => id);

describe('a customer is named', () => {
  it.each([
    ['its whole name, though that is a part of another', 'MAPLE', ['1']],
    ['its domain', 'Foods.Example', ['2']],
    ['a part of its name that no other has', 'birch', ['4']],
    ['a part of its name with any letters', 'größe b', ['3']],
    ['a part of its domain where that is in no name', 'baker.ex', ['3']],
  ])('by %s', (_what, text, expected) => {
    expect(idsOf(text)).toEqual(expected);
  });
});

it('a part of several names names all of them, and nobody by the domain', () => {
  expect(idsOf('foods')).toEqual(['2', '4']);
  expect(idsOf('example')).toEqual(['1', '2', '3']);
});

it('what nobody has names nobody', () => {
  expect(idsOf('oak')).toEqual([]);
});
