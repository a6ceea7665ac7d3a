import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachBounded } from '../../../src/forEachBounded.ts';
import { readAhead } from '../../../src/snapshot/fanOut.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

describe('the fan-out', () => {
  it('visits each item once and never more at a time than its bound', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }),
        async (bound, latenciesMs) => {
          const clock = new VirtualClock();
          const visited: number[] = [];
          let open = 0;
          let max = 0;
          const work = forEachBounded(from(latenciesMs.entries()), bound, async ([item, ms]) => {
            max = Math.max(max, ++open);
            await clock.sleep(ms);
            open--;
            visited.push(item);
          });
          await clock.run(work);
          expect(max).toBe(Math.min(bound, latenciesMs.length));
          expect(visited.toSorted((a, b) => a - b)).toEqual([...latenciesMs.keys()]);
        },
      ),
    );
  });

  it('asks for an item only when there is a place for it', async () => {
    const clock = new VirtualClock();
    let asked = 0;
    async function* items() {
      for (; asked < 1000; ) yield asked++;
    }
    let visits = 0;
    const work = forEachBounded(items(), 3, async () => {
      visits++;
      expect(asked - visits).toBeLessThanOrEqual(3);
      await clock.sleep(10);
    });
    await clock.run(work);
    expect(visits).toBe(1000);
  });

  it('takes no further item after a failure, waits for the open ones, and throws it', async () => {
    const clock = new VirtualClock();
    const begun: number[] = [];
    const ended: number[] = [];
    const work = forEachBounded(from(Array(100).keys()), 4, async (item) => {
      begun.push(item);
      await clock.sleep(item === 1 ? 5 : 10);
      if (item === 1) throw new Error('sign-in refused');
      ended.push(item);
    });
    await expect(clock.run(work)).rejects.toThrow('sign-in refused');
    expect(begun).toEqual([0, 1, 2, 3]);
    expect(ended).toEqual([0, 2, 3]);
  });

  it('does not visit an item that comes after a failure', async () => {
    const clock = new VirtualClock();
    const visited: number[] = [];
    async function* items() {
      yield 1;
      await clock.sleep(100);
      yield 2;
    }
    const work = forEachBounded(items(), 2, async (item) => {
      visited.push(item);
      await clock.sleep(10);
      throw new Error('sign-in refused');
    });
    await expect(clock.run(work)).rejects.toThrow('sign-in refused');
    expect(visited).toEqual([1]);
  });

  it('throws a failure of its source once the open visits have ended', async () => {
    const clock = new VirtualClock();
    const ended: number[] = [];
    async function* items() {
      yield 1;
      yield 2;
      throw new Error('list broke off');
    }
    const work = forEachBounded(items(), 5, async (item) => {
      await clock.sleep(10);
      ended.push(item);
    });
    await expect(clock.run(work)).rejects.toThrow('list broke off');
    expect(ended).toEqual([1, 2]);
  });

  it('closes its source', async () => {
    let isClosed = false;
    async function* items() {
      try {
        for (;;) yield 1;
      } finally {
        isClosed = true;
      }
    }
    const work = forEachBounded(items(), 2, () => Promise.reject(new Error('stop')));
    await expect(work).rejects.toThrow('stop');
    expect(isClosed).toBe(true);
  });
});

describe('reading ahead', () => {
  it('yields every item of every page in order', async () => {
    const pages = fc.array(fc.array(fc.integer(), { maxLength: 5 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pages, async (all) => {
        expect(await Array.fromAsync(readAhead(from(all)))).toEqual(all.flat());
      }),
    );
  });

  it('loads one page ahead, and no more', async () => {
    let loaded = 0;
    async function* pages() {
      for (;;) yield [`page ${++loaded}`];
    }
    const items = readAhead(pages());
    await items.next();
    expect(loaded).toBe(2);
    await items.next();
    expect(loaded).toBe(3);
    await items.return(undefined);
    expect(loaded).toBe(3);
  });

  it('yields what came before a page that fails', async () => {
    async function* pages() {
      yield [1, 2];
      throw new Error('page 2');
    }
    const seen: number[] = [];
    const read = async () => {
      for await (const item of readAhead(pages())) seen.push(item);
    };
    await expect(read()).rejects.toThrow('page 2');
    expect(seen).toEqual([1, 2]);
  });
});
