import { describe, expect, it } from 'vitest';
import { WriteQueue } from '../../../src/snapshot/writeQueue.ts';
import { createNight, runOf } from '../../support/night.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

/** A queue whose writes take a while, and how many are under way. */
function createQueue({ limit = 3, writeMs = 1_000 } = {}) {
  const clock = new VirtualClock('2026-03-10T02:30:00Z');
  const written: number[] = [];
  let open = 0;
  let maxOpen = 0;
  const queue = new WriteQueue<number>({
    write: async (item) => {
      maxOpen = Math.max(maxOpen, ++open);
      await clock.sleep(writeMs);
      open--;
      if (item < 0) throw new Error(`no room for ${item}`);
      written.push(item);
    },
    limit: () => limit,
    clock,
  });
  return { queue, clock, written, maxOpen: () => maxOpen };
}

describe('captured customers', () => {
  it('are written while others are captured, up to a limit, in their order', async () => {
    const { queue, clock, written, maxOpen } = createQueue();
    const items = [1, 2, 3, 4, 5, 6, 7];
    await clock.run(
      (async () => {
        for (const item of items) await queue.add(item);
        expect(written).toEqual([1, 2, 3, 4]);
        await queue.drain();
      })(),
    );
    expect(written).toEqual(items);
    expect(maxOpen()).toBe(3);
  });

  it('are all waited for where one cannot be written, and none is taken after it', async () => {
    const { queue, clock, written } = createQueue({ limit: 4 });
    const failure = { message: 'no room for -2' };
    await clock.run(
      (async () => {
        for (const item of [1, -2, 3]) await queue.add(item);
        await expect(queue.drain()).rejects.toMatchObject(failure);
        await expect(queue.add(4)).rejects.toMatchObject(failure);
        await expect(queue.waitForTables()).rejects.toMatchObject(failure);
      })(),
    );
    expect(written).toEqual([1, 3]);
  });

  it('hold up the others once a write takes more than 30 seconds', async () => {
    const { queue, clock } = createQueue({ writeMs: 40_000 });
    await clock.run(
      (async () => {
        const startMs = clock.now();
        await queue.add(1);
        await queue.waitForTables();
        expect(clock.now() - startMs).toBe(0);
        await clock.sleep(30_000);
        await queue.waitForTables();
        expect(clock.now() - startMs).toBe(30_000);
        await clock.sleep(1_000);
        await queue.waitForTables();
        expect(clock.now() - startMs).toBe(40_000);
        await queue.drain();
      })(),
    );
  });
});

describe('a night whose tables are slow', () => {
  const settings = { concurrency: 8 };

  /** How long it takes, in virtual time, with so long a wait for each write of a customer. */
  async function timeNight(writeMs: number, start = '2026-03-10T02:30:00Z') {
    const night = createNight({ customers: 200, settings, start });
    const { usageByCustomer } = night.stores;
    const { upsertCustomer } = usageByCustomer;
    let open = 0;
    let maxOpen = 0;
    usageByCustomer.upsertCustomer = async (...args) => {
      maxOpen = Math.max(maxOpen, ++open);
      await night.clock.sleep(writeMs);
      open--;
      return upsertCustomer.apply(usageByCustomer, args);
    };
    const run = await runOf(night.run());
    expect(run.status).toBe('complete');
    return { durationMs: run.durationMs ?? 0, maxOpen };
  }

  it('takes hardly longer than one whose tables answer at once', async () => {
    const { durationMs } = await timeNight(500);
    expect(durationMs / (await timeNight(0)).durationMs).toBeLessThan(1.15);
  });

  it('has at most twice as many unwritten customers as requests, and from 22:00 on as many', async () => {
    expect((await timeNight(5_000)).maxOpen).toBe(16);
    expect((await timeNight(5_000, '2026-03-10T22:00:00Z')).maxOpen).toBe(8);
  });
});
