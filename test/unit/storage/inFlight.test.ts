import { expect, it } from 'vitest';
import { forEachInFlight } from '../../../src/storage/inFlight.ts';

async function* count(to: number, error?: Error) {
  for (let item = 0; item < to; item++) yield item;
  if (error) throw error;
}

it('does every item, so many at a time', async () => {
  const done: number[] = [];
  let inFlight = 0;
  let most = 0;
  await forEachInFlight(count(20), { most: 3 }, async (item) => {
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
  const ended = forEachInFlight(count(20), { most: 2 }, async (item) => {
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

it('throws the failure of the list after the work that it gave is done', async () => {
  const done: number[] = [];
  const ended = forEachInFlight(count(3, new Error('list')), { most: 8 }, async (item) => {
    await Promise.resolve();
    done.push(item);
  });
  await expect(ended).rejects.toThrow('list');
  expect(done).toEqual([0, 1, 2]);
});
