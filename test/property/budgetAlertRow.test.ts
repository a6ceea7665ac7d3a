import fc from 'fast-check';
import { expect, test } from 'vitest';
import { budgetAlertRow } from '../../src/storage/budgetAlertTableStore.ts';
import { budgetAlertRowRange } from '../../src/storage/keys.ts';
import { budgetAlert } from './budgetAlertArbitrary.ts';

test('every alert comes back from its row as it was', () => {
  fc.assert(
    fc.property(budgetAlert, (alert) => {
      const entity = budgetAlertRow.toEntity(alert);
      expect(budgetAlertRow.fromRow('BudgetAlerts', entity)).toStrictEqual(alert);
    }),
    { numRuns: 1_000 },
  );
});

test('an alert’s key is its id, and is within the range of its own customer alone', () => {
  fc.assert(
    fc.property(budgetAlert, budgetAlert, (alert, other) => {
      const { partitionKey, rowKey } = budgetAlertRow.toEntity(alert);
      // Keys have ids in lower case.
      const [start, customerId = '', ...rest] = alert.alertId.split('|');
      expect([partitionKey, rowKey]).toEqual([
        start,
        [customerId.toLowerCase(), ...rest].join('|'),
      ]);
      const isWithin = ({ from, to }: { from: string; to: string }) =>
        from <= rowKey && rowKey <= to;
      expect(isWithin(budgetAlertRowRange(customerId))).toBe(true);
      const isSame = other.customerId.toLowerCase() === customerId.toLowerCase();
      expect(isWithin(budgetAlertRowRange(other.customerId))).toBe(isSame);
      const shorter = [...customerId].slice(0, -1).join('');
      for (const alike of [`${customerId}0`, `${customerId}}`, shorter]) {
        if (alike === '' || alike.toLowerCase() === 'partner') continue;
        expect(isWithin(budgetAlertRowRange(alike))).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});
