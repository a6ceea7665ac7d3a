import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { CausesOf } from '../snapshot/causesOf.ts';
import type { EventLog } from '../telemetry/eventLog.ts';

/** The alerts of a run wait no longer than this for what caused them, all together. */
const longestWaitMs = 60_000;

/**
 * Reads what caused a change once for each customer and day, for the alerts of one run. They never
 * fail because of it: they are delivered without causes where reading these fails or takes too long.
 */
export function createCausesOf(
  read: CausesOf,
  { clock, events }: { clock: Clock; events: EventLog },
): CausesOf {
  const found = new Map<string, Promise<string | undefined>>();
  let untilMs: number | undefined;
  let hasFailed = false;
  const find = async (customerId: string, date: string) => {
    untilMs ??= clock.now() + longestWaitMs;
    const leftMs = untilMs - clock.now();
    if (leftMs <= 0) return undefined;
    const isFound = new AbortController();
    const late = clock.sleep(leftMs, isFound.signal).then(
      () => undefined,
      () => undefined,
    );
    try {
      return await Promise.race([read(customerId, date), late]);
    } catch (error) {
      const message = `what caused a change could not be read: ${messageOf(error)}`;
      if (!hasFailed) events.emit('snapshot.row.unreadable', { error: message });
      hasFailed = true;
      return undefined;
    } finally {
      isFound.abort();
    }
  };
  return (customerId, date) => {
    const key = `${customerId}|${date}`;
    const known = found.get(key) ?? find(customerId, date);
    found.set(key, known);
    return known;
  };
}
