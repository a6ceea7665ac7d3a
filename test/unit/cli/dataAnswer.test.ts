import { expect, it } from 'vitest';
import { describeCover } from '../../../src/cli/dataAnswer.ts';

it('a daily cost of several days says since when, and one of a day nothing', () => {
  expect(describeCover('2026-11-27', 26)).toBe('since 1 Nov, 26 days');
  expect(describeCover('2026-03-01', 2)).toBe('since 27 Feb, 2 days');
  for (const days of [1, 0, null]) expect(describeCover('2026-11-27', days)).toBe('');
});
