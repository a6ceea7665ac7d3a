import type { LedgerRow } from '../usage/ledgerRow.ts';

/** A customer in the ledger of a day and in the one before it; at least one of them is there. */
export interface LedgerPair {
  row?: LedgerRow | undefined;
  before?: LedgerRow | undefined;
}

/**
 * Puts the rows of two days side by side, in flat memory: both come by customer id, as the rows of
 * a partition do.
 */
export async function* pairLedgers(
  day: AsyncIterable<LedgerRow>,
  dayBefore: AsyncIterable<LedgerRow>,
): AsyncGenerator<LedgerPair> {
  const earlier = dayBefore[Symbol.asyncIterator]();
  const nextEarlier = async () => (await earlier.next()).value as LedgerRow | undefined;
  try {
    let before = await nextEarlier();
    for await (const row of day) {
      while (before && before.customerId < row.customerId) {
        yield { before };
        before = await nextEarlier();
      }
      if (before?.customerId === row.customerId) {
        yield { row, before };
        before = await nextEarlier();
      } else {
        yield { row };
      }
    }
    while (before) {
      yield { before };
      before = await nextEarlier();
    }
  } finally {
    await earlier.return?.();
  }
}
