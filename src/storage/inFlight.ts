/** How many items are in flight at most, and which of them not at the same time. */
export interface InFlightLimits<Item> {
  maxInFlight: number;
  /** Whether an item has to wait for an earlier one; by default none has to. */
  hasToFollow?(item: Item, earlier: Item): boolean;
}

/**
 * Does work for each item, many at a time. After a failure no more items are taken; what is under
 * way is waited for, and the first failure is thrown, be it the work's or the list's.
 */
export async function forEachInFlight<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { maxInFlight, hasToFollow = () => false }: InFlightLimits<NoInfer<Item>>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const inFlight = new Map<Promise<void>, Item>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      const before = [...inFlight].filter(([, earlier]) => hasToFollow(item, earlier));
      await Promise.all(before.map(([done]) => done));
      if (failures.length > 0) break;
      const done = work(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => inFlight.delete(done));
      inFlight.set(done, item);
      if (inFlight.size >= maxInFlight) await Promise.race(inFlight.keys());
      if (failures.length > 0) break;
    }
  } catch (error) {
    failures.push(error);
  }
  await Promise.all(inFlight.keys());
  if (failures.length > 0) throw failures[0];
}
