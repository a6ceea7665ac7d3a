import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  customerRowKey,
  customerRowRange,
  partnerRowKey,
  subscriptionRowKey,
  subscriptionRowRange,
  totalRowKey,
} from '../../src/storage/keys.ts';
import { utcDateOf } from '../../src/usage/date.ts';

const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((day) => utcDateOf(day.getTime()));
const id = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 40 })
  .filter((text) => !/[/\\#?|\p{Cc}]/u.test(text));

test('keys of one resource sort as their dates do', () => {
  fc.assert(
    fc.property(date, date, id, (one, other, resource) => {
      const keys: ((date: string) => string)[] = [
        customerRowKey,
        partnerRowKey,
        (day) => subscriptionRowKey(resource, day),
        (day) => totalRowKey(resource, day),
      ];
      for (const key of keys) expect(key(one) < key(other)).toBe(one < other);
    }),
  );
});

test('a range holds exactly the days of its own resource', () => {
  fc.assert(
    fc.property(date, date, date, id, id, (from, to, day, resource, otherResource) => {
      const isWithin = (range: { from: string; to: string }, key: string) =>
        range.from <= key && key <= range.to;
      const isDayWithin = from <= day && day <= to;
      const customerRange = customerRowRange(from, to);
      expect(isWithin(customerRange, customerRowKey(day))).toBe(isDayWithin);
      expect(isWithin(customerRange, subscriptionRowKey(resource, day))).toBe(false);
      const range = subscriptionRowRange(resource, from, to);
      expect(isWithin(range, subscriptionRowKey(resource, day))).toBe(isDayWithin);
      expect(isWithin(range, customerRowKey(day))).toBe(false);
      if (otherResource.toLowerCase() !== resource.toLowerCase()) {
        expect(isWithin(range, subscriptionRowKey(otherResource, day))).toBe(false);
      }
    }),
  );
});
