import { expect, it, vi } from 'vitest';
import { forEachBounded } from '../../src/forEachBounded.ts';

async function* count(to: number) {
  for (let item = 0; item < to; item++) yield item;
}

it('begins with an item when those that it has to follow are done, and with others at once', async () => {
  const gates = Array.from(Array(4), () => Promise.withResolvers<void>());
  const started: number[] = [];
  const hasToFollow = (item: number, earlier: number) => item === 2 && earlier < 2;
  const visit = async (item: number) => {
    started.push(item);
    await gates[item]?.promise;
  };
  const ended = forEachBounded(count(4), 4, visit, { hasToFollow });
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
  const visit = async (item: number) => {
    started.push(item);
    await new Promise(setImmediate);
    throw new Error('broken');
  };
  await expect(forEachBounded(count(3), 3, visit, { hasToFollow: () => true })).rejects.toThrow(
    'broken',
  );
  expect(started).toEqual([0]);
});
