import { expect, it } from 'vitest';
import { Lease } from '../../../src/snapshot/lease.ts';
import { createRunContext } from '../../../src/snapshot/runContext.ts';
import { StopPolicy } from '../../../src/snapshot/stopPolicy.ts';
import { createNight } from '../../support/night.ts';
import { dayOf } from '../../support/recordedDays.ts';

const today = '2026-03-10';

it('a run that has lost its lease writes no row of any table, and tells of no alert', async () => {
  const night = createNight();
  const { context, clock } = night;
  const { figures, ...day } = dayOf(today, '900', { budget: '1000' });
  if (!figures) throw new Error('expected figures');
  const position = { ...day, figures };
  await context.budgets.evaluate(position, { isFirstNight: false });

  const options = { store: night.stores.lease, clock, leaseMs: 60_000 };
  const lease = await Lease.acquire('run', options);
  if (typeof lease === 'string') throw new Error('expected the lease');
  const deadlineAtMs = clock.now() + 3_600_000;
  const end = new StopPolicy({ clock, snapshotDate: today, deadlineAtMs });
  const { stores, budgets } = createRunContext(context, end, lease);
  // The process stood still meanwhile: no renewal came to its end.
  night.stores.lease.renew = async () => false;
  await clock.advance(60_000);
  const writes = [
    stores.usageByCustomer.upsertCustomer([{ ...day, figures }]),
    stores.usageByDay.upsertDay([{ ...day, figures }]),
    stores.usageByCustomer.upsertTotals([]),
    budgets.evaluate(
      { ...position, figures: { ...figures, totalCost: figures.totalCost } },
      {
        isFirstNight: false,
      },
    ),
    budgets.deliver(today, {}),
  ];
  const results = await Promise.allSettled(writes);
  expect(results.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'rejected',
    // Nothing is new of the budget, so there is nothing to write.
    'fulfilled',
    'rejected',
  ]);
  const crossed = dayOf(today, '1000', { budget: '1000' });
  await expect(
    budgets.evaluate({ ...position, figures: crossed.figures ?? figures }, { isFirstNight: false }),
  ).rejects.toThrow('lost its lease');
  expect(night.events).toEqual([]);
});
