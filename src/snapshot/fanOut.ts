/**
 * The items of all pages. The first page is loaded at once, each other one while the items of the
 * page before it are worked on.
 */
export function readAhead<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  const load = () => {
    const page = iterator.next();
    // The rejection is handled where the page is awaited; until then it must not count as
    // unhandled.
    page.catch(() => {});
    return page;
  };
  const first = load();
  async function* items() {
    let next = first;
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
  return items();
}

/**
 * Runs each step even if earlier ones failed, so that what is known is stored; throws the first
 * error.
 */
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
