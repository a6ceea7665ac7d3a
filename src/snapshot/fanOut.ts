/**
 * Visits each item once, at most `bound` at a time. An item is asked for only when there is a place
 * for it, so memory holds `bound` of them however many there are.
 *
 * After a failure no further item is taken; it is thrown once the open visits have ended.
 */
export async function forEachBounded<T>(
  items: AsyncIterable<T>,
  bound: number,
  visit: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  let failure: { error: unknown } | undefined;
  const takePlaces = async () => {
    try {
      while (!failure) {
        const next = await iterator.next();
        if (next.done || failure) break;
        await visit(next.value);
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: bound }, takePlaces));
  if (!failure) return;
  await iterator.return?.();
  throw failure.error;
}

/** The items of a collection as the fan-out takes them. */
export async function* inTurn<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** The items of all pages, the next page being loaded while this one is worked on. */
export async function* readAhead<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  const load = () => {
    const page = iterator.next();
    // A failure is met when the page is awaited; until then it is nobody's.
    page.catch(() => {});
    return page;
  };
  let next = load();
  try {
    for (;;) {
      const page = await next;
      if (page.done) return;
      next = load();
      yield* page.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Runs each step whatever came of those before, so that what is known is kept; the first error counts. */
export async function runEach(steps: readonly (() => Promise<void>)[]): Promise<void> {
  let failure: { error: unknown } | undefined;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure) throw failure.error;
}
