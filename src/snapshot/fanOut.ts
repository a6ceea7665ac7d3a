/** The items of all pages, the next page being loaded while this one is worked on. */
export async function* readAhead<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  const load = () => {
    const page = iterator.next();
    // The rejection is handled where the page is awaited; until then it must not count as
    // unhandled.
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
