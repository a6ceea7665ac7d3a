import { describe, expect, it } from 'vitest';
import { createCausesOf } from '../../../src/app/causesOf.ts';
import type { CausesOf } from '../../../src/snapshot/causesOf.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

function createCauses(read: CausesOf) {
  const clock = new VirtualClock('2026-03-20T02:40:00Z');
  const emitted: unknown[] = [];
  const events = { emit: (...event: unknown[]) => void emitted.push(event) };
  return { clock, emitted, causesOf: createCausesOf(read, { clock, events }) };
}

describe('what caused an alert', () => {
  it('is read once for each customer and day', async () => {
    const asked: string[] = [];
    const { clock, causesOf } = createCauses(async (customerId, date) => {
      asked.push(`${customerId} ${date}`);
      return `cause of ${customerId}`;
    });
    const all = [causesOf('a', '1'), causesOf('a', '1'), causesOf('b', '1'), causesOf('a', '2')];
    expect(await clock.run(Promise.all(all))).toEqual([
      ...['cause of a', 'cause of a', 'cause of b', 'cause of a'],
    ]);
    expect(asked).toEqual(['a 1', 'b 1', 'a 2']);
  });

  it('is left out where it cannot be read, which is reported once', async () => {
    const { emitted, clock, causesOf } = createCauses(async () => {
      throw new Error('out of reach');
    });
    const all = [causesOf('a', '1'), causesOf('b', '1')];
    expect(await clock.run(Promise.all(all))).toEqual([undefined, undefined]);
    expect(emitted).toEqual([
      [
        'snapshot.row.unreadable',
        { error: 'what caused a change could not be read: out of reach' },
      ],
    ]);
  });

  it('is waited for a minute at most, for all alerts of a run together', async () => {
    const asked: string[] = [];
    const { clock, causesOf } = createCauses((customerId) => {
      asked.push(customerId);
      return new Promise(() => {});
    });
    const startMs = clock.now();
    expect(await clock.run(causesOf('a', '1'))).toBeUndefined();
    expect(clock.now() - startMs).toBe(60_000);
    expect(await clock.run(causesOf('b', '1'))).toBeUndefined();
    expect([clock.now() - startMs, asked]).toEqual([60_000, ['a']]);
  });
});
