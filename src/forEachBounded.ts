export interface BoundedOptions<Item> {
  /** Whether an item has to wait for an earlier one; by default none has to. */
  hasToFollow?: (item: Item, earlier: Item) => boolean;
}

/**
 * Visits each item once, at most `bound` at a time. An item is asked for only when there is a place
 * for it, so memory holds `bound` of them however many there are.
 *
 * After a failure no further item is taken. The first error, of a visit or of the list, is thrown
 * once the open visits have ended.
 */
export async function forEachBounded<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  bound: number,
  visit: (item: Item) => Promise<void>,
  { hasToFollow }: BoundedOptions<NoInfer<Item>> = {},
): Promise<void> {
  const visits = new Map<Promise<void>, Item>();
  // One promise for each wait: a race of all visits would add a reaction to each of them, each time.
  let onEnd = () => {};
  let failure: { error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
  };
  const isFailed = () => failure !== undefined;
  try {
    for await (const item of items) {
      if (hasToFollow) {
        const before = [...visits].filter(([, earlier]) => hasToFollow(item, earlier));
        await Promise.all(before.map(([done]) => done));
      }
      if (isFailed()) break;
      const done = visit(item)
        .catch(fail)
        .finally(() => {
          visits.delete(done);
          onEnd();
        });
      visits.set(done, item);
      if (visits.size >= bound) {
        await new Promise<void>((resolve) => {
          onEnd = resolve;
        });
      }
      if (isFailed()) break;
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(visits.keys());
  if (failure) throw failure.error;
}
