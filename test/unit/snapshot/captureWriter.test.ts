import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../src/snapshot/captureCustomer.ts';
import { CaptureWriter } from '../../../src/snapshot/captureWriter.ts';
import { DayAssessor } from '../../../src/snapshot/dayAssessor.ts';
import { DayFailures } from '../../../src/snapshot/dayFailures.ts';
import { DayLedger } from '../../../src/snapshot/dayLedger.ts';
import { DayWriter } from '../../../src/snapshot/dayWriter.ts';
import { EarlierDays } from '../../../src/snapshot/earlierDays.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import type {
  CustomerSnapshot,
  Failure,
  SubscriptionSnapshot,
} from '../../../src/usage/usageSnapshot.ts';
import { createLists } from '../../support/customerLists.ts';
import { createNight } from '../../support/night.ts';
import { dayOf } from '../../support/recordedDays.ts';

const date = '2026-03-10';
const forbidden: Failure = { phase: 'summary', status: 403, code: '900308', message: 'no right' };
const unavailable: Failure = { phase: 'summary', status: 503, code: 'HTTP_503', message: 'busy' };

function customer(
  customerId: string,
  outcome: CustomerSnapshot['outcome'] = 'usage',
  change: Partial<CustomerSnapshot> = {},
): CustomerSnapshot {
  const row = dayOf(date, '5', { customerId, runId: 'now', outcome, ...change });
  if (outcome === 'usage') return row;
  const { figures: _, ...bare } = row;
  return bare;
}

function subscription(customerId: string, failure?: Failure): SubscriptionSnapshot {
  const { figures, capturedAt, customerName } = dayOf(date, '5');
  const own = { resource: 'subscription', snapshotDate: date, capturedAt, runId: 'now' } as const;
  const names = { customerName, subscriptionId: `of ${customerId}`, subscriptionName: 'Azure' };
  const row = { ...own, customerId, ...names };
  if (failure) return { ...row, outcome: 'refused', failure };
  return figures ? { ...row, outcome: 'usage', figures } : { ...row, outcome: 'noUsage' };
}

const served = (id: string): Capture => ({
  customer: customer(id),
  subscriptions: [subscription(id)],
});
const refused = (id: string): Capture => ({
  customer: customer(id, 'refused', { failure: forbidden }),
  subscriptions: [],
});
const partlyForbidden = (id: string): Capture => ({
  customer: customer(id),
  subscriptions: [subscription(id, forbidden)],
});
const namesOf = (count: number, kind: string) => [
  ...Array(count)
    .keys()
    .map((at) => `${kind} ${at}`),
];

/** A writer of a day whose list names these, and what it has written in the end. */
async function createWriter(
  ids: string[],
  { isRepeated = false, before = [] }: { isRepeated?: boolean; before?: LedgerRow[] } = {},
) {
  const night = createNight();
  const { usageByCustomer, usageByDay } = night.stores;
  const ledger = new DayLedger('now');
  const { listed, readRecords } = createLists({ customers: ids });
  const list = ledger.list.all(listed, await readRecords(), async function* () {});
  await Array.fromAsync(list);
  await usageByDay.upsertDay(before);
  for (const row of before) if (row.snapshotDate === date) ledger.addRecorded(row, false);
  const dates = ['2026-03-08', '2026-03-09'].map((each) => ({
    date: each,
    isMajorityServed: true,
  }));
  const earlierDays = new EarlierDays(dates, usageByDay);
  const end = new AbortController();
  const { events, clock } = night.context;
  const dayWriter = new DayWriter(usageByDay, clock);
  const failures = new DayFailures({ events, ledger, earlierDays, snapshotDate: date });
  const writer = new CaptureWriter({
    ledger,
    failures,
    assessor: new DayAssessor(night.context, { isFirstNight: false, signal: end.signal }),
    usageByCustomer,
    dayWriter,
    earlierDays,
    isRepeated,
    concurrency: 2,
    signal: end.signal,
  });
  const finish = async (captures: Capture[]) => {
    for (const capture of captures) await writer.write(capture);
    await writer.writeRefusals();
    await dayWriter.flush();
    return night.day(date);
  };
  return { night, ledger, writer, dayWriter, failures, end, finish };
}

const own = (night: { stores: { usageByCustomer: CustomerRows } }, id: string) =>
  night.stores.usageByCustomer.getCustomerSnapshot(id, date);
type CustomerRows = {
  getCustomerSnapshot(id: string, date: string): Promise<CustomerSnapshot | undefined>;
};

describe('a captured customer', () => {
  it('has its own rows and the row of the day, with the cost of that', async () => {
    const { night, ledger, finish } = await createWriter(['a']);
    const day = await finish([served('a')]);
    expect(await own(night, 'a')).toMatchObject({ outcome: 'usage' });
    const { usageByCustomer } = night.stores;
    expect(await usageByCustomer.listSubscriptionSnapshots('a', ['of a'], date)).toHaveLength(1);
    expect(day.get('a')).toMatchObject({
      outcome: 'usage',
      cost: { dailyCost: '5', daysCovered: 9, isStale: false },
    });
    expect(ledger.subscriptions).toMatchObject({ captured: 1, asked: 1 });
  });

  it('is written and entered at once, unless it is refused', async () => {
    const { night, ledger, writer } = await createWriter(['a', 'b']);
    await writer.write(served('a'));
    expect(ledger.outcomeOf('a')).toBe('usage');
    const failed = customer('b', 'failed', { failure: unavailable });
    await writer.write({ customer: failed, subscriptions: [] });
    expect(await own(night, 'b')).toMatchObject({ outcome: 'failed' });
    expect(ledger.outcomeOf('b')).toBe('failed');
  });

  it('has the failures of its subscriptions listed', async () => {
    const { failures, finish } = await createWriter(['a', ...namesOf(20, 'served')]);
    await finish([partlyForbidden('a'), ...namesOf(20, 'served').map(served)]);
    expect(failures.list).toContainEqual({
      customerId: 'a',
      customerName: 'Maple Foods',
      subscriptionId: 'of a',
      outcome: 'refused',
      ...forbidden,
    });
  });

  it('costs no call of the table where every row of an earlier run stays', async () => {
    const { night, finish } = await createWriter(['a'], { isRepeated: true });
    const { usageByCustomer } = night.stores;
    await usageByCustomer.upsertCustomer([customer('a', 'usage', { runId: 'earlier' })]);
    usageByCustomer.upsertCustomer = () => Promise.reject(new Error('called'));
    const failed = customer('a', 'failed', { failure: unavailable });
    const day = await finish([{ customer: failed, subscriptions: [] }]);
    expect(day.get('a')?.failure).toEqual(unavailable);
  });

  it('keeps the failed row of an earlier run unless its own row with figures was written', async () => {
    const rowAfter = async (capture: Capture, isWritten: boolean) => {
      const before = [customer('a', 'failed', { runId: 'earlier', failure: unavailable })];
      const { night, finish } = await createWriter(['a'], { isRepeated: true, before });
      const { usageByCustomer } = night.stores;
      const upsert = usageByCustomer.upsertCustomer.bind(usageByCustomer);
      await upsert([customer('a', 'usage', { runId: 'earlier' })]);
      usageByCustomer.upsertCustomer = async () => {
        throw new Error('no answer');
      };
      usageByCustomer.listSubscriptionSnapshots = () => Promise.reject(new Error('no answer'));
      if (isWritten) await upsert([capture.customer]);
      const { runId, failure } = (await finish([capture])).get('a') ?? {};
      return `${runId}: ${failure?.code}`;
    };
    expect(await rowAfter(served('a'), false)).toBe('earlier: HTTP_503');
    expect(await rowAfter(served('a'), true)).toBe('now: STORE');
    const idle = { customer: customer('a', 'noUsage'), subscriptions: [] };
    expect(await rowAfter(idle, true)).toBe('earlier: HTTP_503');
  });

  it('that fails is reported, also where it failed in the same way on the day before', async () => {
    const failed = customer('a', 'failed', { failure: unavailable });
    const { night, finish } = await createWriter(['a'], {
      before: [{ ...failed, snapshotDate: '2026-03-09' }],
    });
    await finish([{ customer: failed, subscriptions: [] }]);
    expect(night.events.map(({ event }) => event)).toEqual(['snapshot.customer.failed']);
  });

  it('that cannot be stored is reported, also where it could not be on the day before', async () => {
    const failure = { phase: 'store', code: 'STORE', message: 'no room' } as const;
    const yesterday = customer('a', 'failed', { snapshotDate: '2026-03-09', failure });
    const { night, finish } = await createWriter(['a'], { before: [yesterday] });
    night.stores.usageByCustomer.upsertCustomer = () => Promise.reject(new Error('no room'));
    await finish([served('a')]);
    expect(night.events.map(({ event }) => event)).toEqual(['snapshot.customer.failed']);
  });

  it('whose rows the table cannot store has failed, and no other has', async () => {
    const { night, finish, failures } = await createWriter(['a', 'b']);
    const { usageByCustomer } = night.stores;
    const upsert = usageByCustomer.upsertCustomer.bind(usageByCustomer);
    usageByCustomer.upsertCustomer = async (rows) => {
      if (rows.some(({ customerId }) => customerId === 'a')) {
        throw Object.assign(new Error('no room'), { code: 'FULL' });
      }
      return upsert(rows);
    };
    const day = await finish([served('a'), served('b')]);
    const failure = { phase: 'store', code: 'FULL', message: 'no room' };
    expect(day.get('a')).toMatchObject({ outcome: 'failed', failure });
    expect(day.get('a')).not.toHaveProperty('cost');
    expect(day.get('b')).toMatchObject({ outcome: 'usage' });
    expect(failures.list).toMatchObject([{ customerId: 'a', outcome: 'failed' }]);
  });

  it('has failed with code STORE where the error has none', async () => {
    const { night, finish } = await createWriter(['a']);
    night.stores.usageByCustomer.upsertCustomer = () => Promise.reject(new Error('no room'));
    expect((await finish([served('a')])).get('a')?.failure).toMatchObject({ code: 'STORE' });
  });

  it('is not judged any more once nothing may be written', async () => {
    const { night, writer, end } = await createWriter(['a']);
    night.stores.usageByCustomer.upsertCustomer = async () => {
      end.abort(new Error('the lease was lost'));
      throw new Error('aborted');
    };
    await expect(writer.write(served('a'))).rejects.toThrow('the lease was lost');
    expect(night.events).toEqual([]);
  });

  it('keeps a better row of an earlier run, and its figures where its own row was written', async () => {
    const { night, finish, ledger } = await createWriter(['a', 'b'], { isRepeated: true });
    const { usageByCustomer } = night.stores;
    await usageByCustomer.upsertCustomer([customer('a', 'usage', { runId: 'earlier' })]);
    const upsert = usageByCustomer.upsertCustomer.bind(usageByCustomer);
    usageByCustomer.upsertCustomer = async (rows) => {
      await upsert(rows);
      if (rows.some(({ customerId }) => customerId === 'b')) throw new Error('no answer');
    };
    const failed = { customer: customer('a', 'failed', { failure: unavailable }) };
    const day = await finish([{ ...failed, subscriptions: [] }, served('b')]);
    expect(day.get('a')).toMatchObject({
      outcome: 'failed',
      figures: { totalCost: '5' },
      failure: unavailable,
    });
    expect(await own(night, 'a')).toMatchObject({ runId: 'earlier', outcome: 'usage' });
    expect(day.get('b')).toMatchObject({
      outcome: 'failed',
      figures: { totalCost: '5' },
      failure: { phase: 'store', message: 'no answer' },
    });
    expect(ledger.outcomeOf('b')).toBe('failed');
  });
});

describe('refused customers', () => {
  it('are written once it is known that they are few', async () => {
    const { night, writer, finish } = await createWriter(namesOf(20, 'served').concat('a'));
    await writer.write(refused('a'));
    expect(await own(night, 'a')).toBeUndefined();
    const day = await finish(namesOf(20, 'served').map(served));
    expect(day.get('a')).toMatchObject({ outcome: 'refused', failure: forbidden });
    expect(await own(night, 'a')).toMatchObject({ outcome: 'refused' });
  });

  it('are not reported again on the day after', async () => {
    const yesterday = { ...refused('a').customer, snapshotDate: '2026-03-09' };
    const { night, finish } = await createWriter(['a', ...namesOf(20, 'served')], {
      before: [yesterday],
    });
    await finish([refused('a'), ...namesOf(20, 'served').map(served)]);
    expect(night.events).toEqual([]);
  });

  it('have failed where they are too many to be single ones', async () => {
    const names = namesOf(6, 'refused');
    const { finish, ledger } = await createWriter(names.concat(namesOf(20, 'served')));
    const day = await finish([...names.map(refused), ...namesOf(20, 'served').map(served)]);
    for (const name of names) expect(day.get(name)).toMatchObject({ outcome: 'failed' });
    expect(ledger.isRightLost).toBe(false);
  });

  it('are written though the rows of the day of others cannot be', async () => {
    const { night, writer, dayWriter } = await createWriter(['a', 'b']);
    await writer.write(partlyForbidden('b'));
    await writer.write(refused('a'));
    dayWriter.add = () => Promise.reject(new Error('out of reach'));
    await expect(writer.writeRefusals()).rejects.toThrow('out of reach');
    expect(await own(night, 'a')).toMatchObject({ outcome: 'refused' });
  });
});

describe('customers with forbidden subscriptions', () => {
  it('have usage and that refusal while these are few', async () => {
    const { night, writer, finish, ledger } = await createWriter(['a', ...namesOf(20, 'served')]);
    await writer.write(partlyForbidden('a'));
    expect(await own(night, 'a')).toMatchObject({ outcome: 'usage' });
    expect((await night.day(date)).size).toBe(0);
    const day = await finish(namesOf(20, 'served').map(served));
    expect(day.get('a')).toMatchObject({ outcome: 'usage', failure: forbidden });
    expect(ledger.isRightLost).toBe(false);
  });

  it('have failed, with their figures, where a right was lost', async () => {
    const names = namesOf(6, 'forbidden');
    const { finish, ledger } = await createWriter(names);
    const day = await finish(names.map(partlyForbidden));
    expect(ledger.isRightLost).toBe(true);
    for (const name of names) {
      expect(day.get(name)).toMatchObject({
        outcome: 'failed',
        figures: { totalCost: '5' },
        failure: forbidden,
      });
    }
  });

  it('are no lost right where they were the same on two days before, and all others are served', async () => {
    const names = namesOf(8, 'forbidden');
    const before = names.flatMap((name) =>
      ['2026-03-08', '2026-03-09'].map((snapshotDate) =>
        customer(name, 'usage', { snapshotDate, failure: forbidden }),
      ),
    );
    const others = namesOf(9, 'served');
    const { finish, ledger } = await createWriter([...names, ...others], { before });
    await finish([...names.map(partlyForbidden), ...others.map(served)]);
    expect(ledger.isRightLost).toBe(false);
  });

  it('keep a failure of their own', async () => {
    const { finish } = await createWriter(['a', ...namesOf(20, 'served')]);
    const listFailure = { ...unavailable, phase: 'subscriptions' } as const;
    const day = await finish([
      { ...partlyForbidden('a'), listFailure },
      ...namesOf(20, 'served').map(served),
    ]);
    expect(day.get('a')).toMatchObject({ outcome: 'failed', failure: listFailure });
  });
});
