import { describe, expect, it } from 'vitest';
import type { Changes } from '../../../src/dashboard/api.ts';
import { listCauses } from '../../../src/dashboard/causes.ts';

const changes: Changes = {
  date: '2026-03-13',
  currency: 'EUR',
  before: '10',
  after: '40.00000000000000000001',
  change: '30.00000000000000000001',
  items: [
    { type: 'a', before: '2', after: '32.00000000000000000001', change: '30.00000000000000000001' },
    { type: 'b', before: '0.1', after: '0', change: '-0.1' },
    { type: 'c', before: '0.2', after: '0.25', change: '0.05' },
  ],
  unexplained: '0.05',
};

describe('the causes of a change', () => {
  it('add up to it in each amount, however few are shown', () => {
    expect(listCauses(changes, 1)).toEqual({
      items: changes.items.slice(0, 1),
      others: { count: 2, before: '0.3', after: '0.25', change: '-0.05' },
      rest: { before: '7.7', after: '7.75', change: '0.05' },
    });
    expect(listCauses(changes, 3)?.others).toMatchObject({ count: 0, change: '0' });
  });

  it('have no rest of a day without a known cost', () => {
    const ofNew = { ...changes, before: null };
    expect(listCauses(ofNew, 3)?.rest).toEqual({ before: null, after: '7.75', change: '0.05' });
  });

  it('are none where the days cannot be compared', () => {
    expect(listCauses({ ...changes, change: null, unexplained: null }, 3)).toBeUndefined();
  });
});
