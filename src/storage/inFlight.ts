/**
 * Does work for each item, so many at a time. After a failure no more items are taken; what is
 * under way is waited for, and the first failure is thrown, be it the work's or the list's.
 */
export async function forEachInFlight<Item>(
  items: AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      const done = work(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => inFlight.delete(done));
      inFlight.add(done);
      if (inFlight.size >= most) await Promise.race(inFlight);
      if (failures.length > 0) break;
    }
  } catch (error) {
    failures.push(error);
  }
  await Promise.all(inFlight);
  if (failures.length > 0) throw failures[0];
}
