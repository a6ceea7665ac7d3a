import { RowsRefusedError } from '../../src/errors.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays } from '../../src/usage/date.ts';
import type { CustomerSnapshot } from '../../src/usage/usageSnapshot.ts';
import type { Night } from './night.ts';

export const spender = 'aaaaaaaa-0000-4000-8000-000000000001';

/** A day in March of a customer whose month has cost so much, in euro. */
export function dayOf(
  snapshotDate: string,
  totalCost: string,
  { budget, ...change }: Partial<CustomerSnapshot> & { budget?: string } = {},
): CustomerSnapshot {
  return {
    resource: 'customer',
    snapshotDate,
    capturedAt: `${snapshotDate}T02:30:00.000Z`,
    runId: `run of ${snapshotDate}`,
    customerId: spender,
    customerName: 'Maple Foods',
    outcome: 'usage',
    figures: {
      plan: 'azurePlan',
      currency: 'EUR',
      totalCost: parseAmount(totalCost),
      ...(budget !== undefined && { budgetAmount: parseAmount(budget) }),
      billingStartDate: `${snapshotDate.slice(0, 7)}-01T00:00:00Z`,
      billingEndDate: '2026-04-01T00:00:00Z',
      lastModifiedDate: addDays(snapshotDate, -1),
    },
    ...change,
  };
}

/** 20 a day from the 1st, recorded from the 2nd to the day before `until`. */
export async function keepSteadyMonth(
  { stores }: Night,
  until: string,
  change: Parameters<typeof dayOf>[2] = {},
): Promise<void> {
  for (let date = '2026-03-02'; date < until; date = addDays(date, 1)) {
    const total = String(20 * (Number(date.slice(8)) - 1));
    await stores.usageByCustomer.upsertCustomer([dayOf(date, total, change)]);
  }
}

/** The day's table takes no more rows of a customer: for what they hold, and all the others. */
export function refuseDaysOf({ stores: { usageByDay } }: Night, id: string): void {
  const upsertDay = usageByDay.upsertDay.bind(usageByDay);
  usageByDay.upsertDay = async (rows, options) => {
    const index = rows.findIndex(({ customerId }) => customerId === id);
    await upsertDay(
      rows.filter((_, place) => place !== index),
      options,
    );
    if (index < 0) return;
    throw new RowsRefusedError([{ index, code: 'EntityTooLarge', message: 'too large' }]);
  };
}

/** Reading the own rows of a customer, or of everybody, fails. */
export function failReadsOf({ stores }: Night, customerId?: string): void {
  const { usageByCustomer } = stores;
  const listHistory = usageByCustomer.listHistory.bind(usageByCustomer);
  usageByCustomer.listHistory = (id, ...rest) => {
    if (customerId === undefined || id === customerId) throw new Error('out of reach');
    return listHistory(id, ...rest);
  };
}
