import { describe, expect, it } from 'vitest';
import { isKeptOver } from '../../../src/usage/sameDay.ts';
import { day, failed, noUsage, refused } from './days.ts';

const date = '2026-03-10';
const march = day(date, '10');
const february = day(date, '90', { period: '2026-02' });
const april = day(date, '0', { period: '2026-04' });
const { billingStartDate: _, ...unnamed } = march.figures ?? {};

describe('what a date has of a resource', () => {
  it.each([
    ['figures', march, 'an answer that there is no usage', noUsage(date)],
    ['an answer that there is no usage', noUsage(date), 'a refusal', refused(date)],
    ['a refusal', refused(date), 'a failure', failed(date)],
    ['figures', march, 'a failure', failed(date)],
  ])('is kept where it is %s and then comes %s, and not the other way', (_one, one, _two, two) => {
    expect(isKeptOver(one, two)).toBe(true);
    expect(isKeptOver(two, one)).toBe(false);
  });

  it('gives way to the same once more', () => {
    expect(isKeptOver(march, day(date, '12'))).toBe(false);
    expect(isKeptOver(noUsage(date), noUsage(date))).toBe(false);
    expect(isKeptOver(failed(date), failed(date))).toBe(false);
  });

  it('gives way where one of two failures has figures and the other has none', () => {
    const withFigures = { ...march, outcome: 'failed' } as const;
    expect(isKeptOver(failed(date), withFigures)).toBe(false);
    expect(isKeptOver(withFigures, failed(date))).toBe(false);
  });

  it('is kept of a period that the API does not show any more, and gives way to an earlier one', () => {
    expect(isKeptOver(february, march)).toBe(true);
    expect(isKeptOver(april, march)).toBe(false);
  });

  it('is kept of any other period where the customer has moved to another plan', () => {
    const legacy = { plan: 'payAsYouGo', end: '2026-03-31T00:00:00Z' } as const;
    expect(isKeptOver(april, day(date, '5', legacy))).toBe(true);
    expect(isKeptOver(february, day(date, '5', legacy))).toBe(true);
    expect(isKeptOver(march, day(date, '5', legacy))).toBe(false);
  });

  it('is kept over figures that name no period, where it names one itself', () => {
    const nameless = { ...march, figures: unnamed } as typeof march;
    expect(isKeptOver(march, nameless)).toBe(true);
    expect(isKeptOver(nameless, march)).toBe(false);
    expect(isKeptOver(nameless, nameless)).toBe(false);
  });
});
