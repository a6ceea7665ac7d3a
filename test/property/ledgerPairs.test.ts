import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTurn } from '../../src/snapshot/fanOut.ts';
import { pairLedgers } from '../../src/snapshot/ledgerPairs.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';

function rowsOf(snapshotDate: string, ids: readonly number[]): LedgerRow[] {
  return ids
    .map((id) => id.toString(16).padStart(4, '0'))
    .sort()
    .map((customerId) => ({
      resource: 'customer',
      snapshotDate,
      capturedAt: `${snapshotDate}T02:30:00Z`,
      runId: 'run',
      customerId,
      customerName: '',
      outcome: 'noUsage',
    }));
}

const ids = fc.uniqueArray(fc.nat(40));

test('two ledgers side by side hold each row of both once, each customer beside itself', async () => {
  await fc.assert(
    fc.asyncProperty(ids, ids, async (today, yesterday) => {
      const [day, before] = [rowsOf('2026-03-20', today), rowsOf('2026-03-19', yesterday)];
      const pairs = await Array.fromAsync(pairLedgers(inTurn(day), inTurn(before)));
      expect(pairs.flatMap(({ row }) => row ?? [])).toEqual(day);
      expect(pairs.flatMap((pair) => pair.before ?? [])).toEqual(before);
      for (const pair of pairs) {
        const id = (pair.row ?? pair.before)?.customerId;
        const other = before.find(({ customerId }) => customerId === id);
        if (pair.row) expect(pair.before).toEqual(other);
      }
    }),
  );
});
