import { describe, expect, it } from 'vitest';
import { BudgetWatch } from '../../../src/alerts/budgetWatch.ts';
import type { ListOptions } from '../../../src/callOptions.ts';
import { RowsRefusedError } from '../../../src/errors.ts';
import { createMemoryStores } from '../../../src/storage/createStores.ts';
import { createEventLog, type EventLevel } from '../../../src/telemetry/eventLog.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { BudgetAlert, BudgetPosition } from '../../../src/usage/budgetAlert.ts';
import { dayOf, spender } from '../../support/recordedDays.ts';

const today = '2026-03-20';
const ordinary = { isFirstNight: false };

function createWatch() {
  const lost = new AbortController();
  const fence = {
    assertWritable: () => lost.signal.throwIfAborted(),
    callSignal: () => new AbortController().signal,
  };
  const store = createMemoryStores().openStores(fence).budgetAlerts;
  const lines: { level: EventLevel; line: string }[] = [];
  const watch = new BudgetWatch({
    store,
    thresholds: { actual: [50, 75, 90, 100], forecast: [100] },
    events: createEventLog((level, line) => lines.push({ level, line })),
    now: () => Date.parse(`${today}T02:40:00Z`),
    causesOf: async (customerId, date) => (customerId === spender ? `vm of ${date}` : undefined),
    assertWritable: fence.assertWritable,
  });
  const loseLease = () => lost.abort(new Error('lost'));
  const delivered = () => lines.map(({ line }) => JSON.parse(line).alertId as string);
  const all = () => Array.fromAsync(store.listOfPeriod('2026-03-01', spender));
  return { watch, store, lines, delivered, all, loseLease };
}

function position(
  totalCost: string,
  { budget = '1000', ...change }: Partial<BudgetPosition> & { budget?: string } = {},
): BudgetPosition {
  const { figures, customerId, customerName } = dayOf(today, totalCost, { budget });
  if (!figures) throw new Error('expected figures');
  return { customerId, customerName, snapshotDate: today, figures, ...change };
}

const shortOf = ({ kind, threshold, status, isDelivered }: BudgetAlert) =>
  `${kind} ${threshold} ${status}${isDelivered ? '' : ', to be told'}`;

describe('an alert', () => {
  it('is one line of JSON with the figures it was raised on', async () => {
    const { watch, lines } = createWatch();
    const forecastTotalCost = parseAmount('1180.1234567890123456789');
    await watch.evaluate(position('761.5', { forecastTotalCost }), ordinary);
    await watch.deliver(today);
    expect(lines.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(JSON.parse(lines[0]?.line ?? '')).toEqual({
      event: 'budget.threshold.crossed',
      alertId: `2026-03-01|${spender}|actual|75|1000`,
      customerId: spender,
      customerName: 'Maple Foods',
      kind: 'actual',
      threshold: 75,
      percentUsed: 76.15,
      totalCost: 761.5,
      forecastTotalCost: 1180.1234567890124,
      budgetAmount: 1000,
      currency: 'EUR',
      billingPeriodStart: '2026-03-01',
      billingPeriodEnd: '2026-04-01',
      snapshotDate: today,
      causes: `vm of ${today}`,
    });
    expect(JSON.parse(lines[1]?.line ?? '')).toMatchObject({ kind: 'forecast', threshold: 100 });
  });

  it('keeps what caused it with the mark that it was told', async () => {
    const { watch, all } = createWatch();
    await watch.evaluate(position('761.5'), ordinary);
    expect((await all()).map(({ causes }) => causes)).toEqual([undefined, undefined]);
    await watch.deliver(today);
    expect((await all()).map(({ causes }) => causes)).toEqual([undefined, `vm of ${today}`]);
  });

  it('is told without causes where they are not known', async () => {
    const { watch, lines } = createWatch();
    await watch.evaluate(position('761.5', { customerId: 'another' }), ordinary);
    await watch.deliver(today);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]?.line ?? '')).not.toHaveProperty('causes');
  });

  it('is raised and told once, however often the day is evaluated and delivered', async () => {
    const { watch, delivered, all } = createWatch();
    for (let run = 0; run < 3; run++) {
      await watch.evaluate(position('761.5'), ordinary);
      await watch.deliver(today);
    }
    expect((await all()).map(shortOf)).toEqual(['actual 50 covered', 'actual 75 raised']);
    expect(delivered()).toEqual([`2026-03-01|${spender}|actual|75|1000`]);
  });

  it('is raised again for another budget and for another period', async () => {
    const { watch, delivered } = createWatch();
    await watch.evaluate(position('761.5'), ordinary);
    await watch.evaluate(position('761.5', { budget: '1000.50' }), ordinary);
    const { figures, ...april } = position('900');
    const dates = {
      billingStartDate: '2026-04-01T00:00:00Z',
      billingEndDate: '2026-05-01T00:00:00Z',
    };
    await watch.evaluate(
      { ...april, snapshotDate: '2026-04-20', figures: { ...figures, ...dates } },
      ordinary,
    );
    await watch.deliver('2026-04-20');
    expect(delivered()).toEqual([
      `2026-03-01|${spender}|actual|75|1000`,
      `2026-03-01|${spender}|actual|75|1000.5`,
      `2026-04-01|${spender}|actual|90|1000`,
    ]);
  });

  it('waits until it is delivered, over days', async () => {
    const { watch, delivered } = createWatch();
    expect(await hasUndelivered(watch, today)).toBe(false);
    await watch.evaluate(position('761.5'), ordinary);
    expect(await hasUndelivered(watch, '2026-03-25')).toBe(true);
    await watch.deliver('2026-03-25');
    expect(await hasUndelivered(watch, '2026-03-25')).toBe(false);
    expect(delivered()).toHaveLength(1);
  });

  it('is told again where its row could not say that it was', async () => {
    const { watch, store, delivered } = createWatch();
    await watch.evaluate(position('761.5'), ordinary);
    const { upsert } = store;
    store.upsert = async () => {
      throw new Error('no room');
    };
    await expect(watch.deliver(today)).rejects.toThrow('no room');
    store.upsert = upsert;
    await watch.deliver(today);
    const [once, again] = delivered();
    expect(delivered()).toHaveLength(2);
    expect(again).toBe(once);
  });

  it('holds up nobody else’s where its row can never say that it was', async () => {
    const { watch, store, delivered } = createWatch();
    await Promise.all(
      Array.from({ length: 150 }, (_, index) =>
        watch.evaluate(position('761.5', { customerId: `customer-${1000 + index}` }), ordinary),
      ),
    );
    const { upsert } = store;
    store.upsert = async (alerts, options) => {
      const isStored = ({ customerId }: BudgetAlert) => customerId !== 'customer-1003';
      await upsert.call(store, alerts.filter(isStored), options);
      const index = alerts.findIndex((alert) => !isStored(alert));
      if (index < 0) return;
      throw new RowsRefusedError([{ index, code: 'EntityTooLarge', message: 'too large' }]);
    };
    await expect(watch.deliver(today)).rejects.toThrow(RowsRefusedError);
    expect(new Set(delivered()).size).toBe(150);
    await expect(watch.deliver(today)).rejects.toThrow(RowsRefusedError);
    expect(delivered()).toHaveLength(151);
  });

  it('is not told once nothing may be written any more', async () => {
    const { watch, delivered, loseLease } = createWatch();
    await watch.evaluate(position('761.5'), ordinary);
    const signal = AbortSignal.abort(new Error('to end'));
    await expect(watch.deliver(today, { signal })).rejects.toThrow('to end');
    loseLease();
    await expect(watch.deliver(today)).rejects.toThrow('lost');
    await expect(watch.evaluate(position('1000'), ordinary)).rejects.toThrow('lost');
    expect(delivered()).toEqual([]);
  });

  it('of more customers than one write of rows holds is told of each', async () => {
    const { watch, delivered } = createWatch();
    const ids = Array.from({ length: 250 }, (_, index) => `customer-${1_000 + index}`);
    for (const customerId of ids) await watch.evaluate(position('600', { customerId }), ordinary);
    await watch.deliver(today);
    expect(delivered()).toEqual(ids.map((id) => `2026-03-01|${id}|actual|50|1000`));
  });

  it('below 100 % is recorded and told to nobody on the first night', async () => {
    const { watch, all, delivered } = createWatch();
    await watch.evaluate(position('1200'), { isFirstNight: true });
    await watch.deliver(today);
    expect((await all()).map(shortOf).sort()).toEqual([
      'actual 100 raised',
      'actual 50 baseline',
      'actual 75 baseline',
      'actual 90 baseline',
    ]);
    expect(delivered()).toEqual([`2026-03-01|${spender}|actual|100|1000`]);
  });

  it('is stored before those that it covers, which alone would keep it from being raised', async () => {
    const { watch, store, all, delivered } = createWatch();
    const { createIfAbsent } = store;
    let isFull = true;
    store.createIfAbsent = async (alerts, options) => {
      if (isFull && alerts.some(({ status }) => status === 'raised')) throw new Error('no room');
      return createIfAbsent.call(store, alerts, options);
    };
    await expect(watch.evaluate(position('910'), ordinary)).rejects.toThrow('no room');
    expect(await all()).toEqual([]);
    isFull = false;
    await watch.evaluate(position('890'), ordinary);
    await watch.deliver(today);
    expect(delivered()).toEqual([`2026-03-01|${spender}|actual|75|1000`]);
  });

  it('is written apart from those that it covers, and nothing is written twice or for nothing', async () => {
    const { watch, store } = createWatch();
    const writes: string[][] = [];
    const { createIfAbsent } = store;
    store.createIfAbsent = async (alerts, options) => {
      writes.push(alerts.map(shortOf));
      return createIfAbsent.call(store, alerts, options);
    };
    await watch.evaluate(position('510'), ordinary);
    await watch.evaluate(position('910'), ordinary);
    await watch.evaluate(position('910'), ordinary);
    expect(writes).toEqual([
      ['actual 50 raised, to be told'],
      ['actual 90 raised, to be told'],
      ['actual 75 covered'],
    ]);
  });

  it('without a forecast is told of without one', async () => {
    const { watch, lines } = createWatch();
    await watch.evaluate(position('510'), ordinary);
    await watch.deliver(today);
    expect(JSON.parse(lines[0]?.line ?? '')).not.toHaveProperty('forecastTotalCost');
  });

  it('is marked as told a hundred at a time, before the hundred after are told', async () => {
    const { watch, store, lines } = createWatch();
    const ids = Array.from({ length: 200 }, (_, index) => `customer-${1_000 + index}`);
    for (const customerId of ids) await watch.evaluate(position('600', { customerId }), ordinary);
    const writes: { rows: number; delivered: number }[] = [];
    const { upsert } = store;
    store.upsert = async (alerts, options) => {
      writes.push({ rows: alerts.length, delivered: lines.length });
      await upsert.call(store, alerts, options);
    };
    await watch.deliver(today);
    await watch.deliver(today);
    expect(writes).toEqual([
      { rows: 100, delivered: 100 },
      { rows: 100, delivered: 200 },
    ]);
  });

  it('is followed by no other where the table fails', async () => {
    const { watch, store, delivered } = createWatch();
    const ids = Array.from({ length: 150 }, (_, index) => `customer-${1_000 + index}`);
    for (const customerId of ids) await watch.evaluate(position('600', { customerId }), ordinary);
    store.upsert = async () => {
      throw new Error('no room');
    };
    await expect(watch.deliver(today)).rejects.toThrow('no room');
    expect(delivered()).toHaveLength(100);
  });

  it('that cannot be read is named, and hides no other', async () => {
    const { watch, store, lines } = createWatch();
    const { listOfPeriod, listUndelivered } = store;
    const unreadable = new Error('a row of 75 %');
    const note = (options: ListOptions | undefined) => options?.onUnreadable?.(unreadable);
    store.listOfPeriod = (start, customerId, options) => {
      note(options);
      return listOfPeriod.call(store, start, customerId, options);
    };
    store.listUndelivered = (from, options) => {
      note(options);
      return listUndelivered.call(store, from, options);
    };
    await watch.evaluate(position('761.5'), ordinary);
    await watch.deliver(today);
    expect(lines.map(({ line }) => JSON.parse(line))).toMatchObject([
      { event: 'snapshot.row.unreadable', error: 'a row of 75 %' },
      { event: 'snapshot.row.unreadable', error: 'a row of 75 %' },
      { event: 'budget.threshold.crossed', threshold: 75 },
    ]);
  });

  it('asks the table nothing as long as nothing is crossed', async () => {
    const { watch, store } = createWatch();
    store.listOfPeriod = () => {
      throw new Error('asked');
    };
    await watch.evaluate(position('499'), ordinary);
    await watch.evaluate(position('499', { budget: '0' }), ordinary);
    await expect(watch.evaluate(position('500'), ordinary)).rejects.toThrow('asked');
  });

  it('is not raised by figures of a period that was over long ago', async () => {
    const { watch, all } = createWatch();
    await watch.evaluate({ ...position('1200'), snapshotDate: '2026-04-07' }, ordinary);
    expect(await all()).toHaveLength(4);
    const other = createWatch();
    await other.watch.evaluate({ ...position('1200'), snapshotDate: '2026-04-09' }, ordinary);
    expect(await other.all()).toEqual([]);
  });
});

async function hasUndelivered(
  watch: Pick<BudgetWatch, 'listUndelivered'>,
  date: string,
): Promise<boolean> {
  for await (const _ of watch.listUndelivered(date)) return true;
  return false;
}
