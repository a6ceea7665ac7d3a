import { expect, it, vi } from 'vitest';
import { forEachInFlight } from '../../../src/storage/inFlight.ts';

async function* count(to: number, error?: Error) {
  for (let item = 0; item < to; item++) yield item;
  if (error) throw error;
}

it('does every item, so many at a time', async () => {
  const done: number[] = [];
  let inFlight = 0;
  let most = 0;
  await forEachInFlight(count(20), { maxInFlight: 3 }, async (item) => {
    most = Math.max(most, ++inFlight);
    await new Promise(setImmediate);
    inFlight--;
    done.push(item);
  });
  expect(done).toHaveLength(20);
  expect(most).toBe(3);
});

it('takes no more items after a failure, waits for those under way, and throws the failure', async () => {
  const gate = Promise.withResolvers<void>();
  const started: number[] = [];
  let isOtherDone = false;
  const ended = forEachInFlight(count(20), { maxInFlight: 2 }, async (item) => {
    started.push(item);
    if (item === 1) throw new Error('broken');
    await gate.promise;
    isOtherDone = true;
  });
  ended.catch(() => {}).finally(() => expect(isOtherDone).toBe(true));
  gate.resolve();
  await expect(ended).rejects.toThrow('broken');
  expect(isOtherDone).toBe(true);
  expect(started).toEqual([0, 1]);
});

it('begins with an item when those that it has to follow are done, and with others at once', async () => {
  const gates = Array.from(Array(4), () => Promise.withResolvers<void>());
  const started: number[] = [];
  const hasToFollow = (item: number, earlier: number) => item === 2 && earlier < 2;
  const ended = forEachInFlight(count(4), { maxInFlight: 4, hasToFollow }, async (item) => {
    started.push(item);
    await gates[item]?.promise;
  });
  await vi.waitFor(() => expect(started).toEqual([0, 1]));
  gates[1]?.resolve();
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1]);
  gates[0]?.resolve();
  await vi.waitFor(() => expect(started).toEqual([0, 1, 2, 3]));
  for (const { resolve } of gates) resolve();
  await ended;
});

it('does not begin with an item when one that it has to follow failed', async () => {
  const started: number[] = [];
  const ended = forEachInFlight(
    count(3),
    { maxInFlight: 3, hasToFollow: () => true },
    async (item) => {
      started.push(item);
      await new Promise(setImmediate);
      throw new Error('broken');
    },
  );
  await expect(ended).rejects.toThrow('broken');
  expect(started).toEqual([0]);
});

it('throws the failure of the list after the work that it gave is done', async () => {
  const done: number[] = [];
  const ended = forEachInFlight(count(3, new Error('list')), { maxInFlight: 8 }, async (item) => {
    await Promise.resolve();
    done.push(item);
  });
  await expect(ended).rejects.toThrow('list');
  expect(done).toEqual([0, 1, 2]);
});
