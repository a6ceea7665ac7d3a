/**
 * The items of all pages, the next page being loaded while this one is worked on.
 *
 * @param firstPage the first of the pages, already under way
 */
export async function* readAhead<T>(
  pages: AsyncIterator<readonly T[]>,
  firstPage = pages.next(),
): AsyncGenerator<T> {
  const load = () => {
    const page = pages.next();
    // The rejection is handled where the page is awaited; until then it must not count as
    // unhandled.
    page.catch(() => {});
    return page;
  };
  let next = firstPage;
  try {
    for (;;) {
      const page = await next;
      if (page.done) return;
      next = load();
      yield* page.value;
    }
  } finally {
    await pages.return?.();
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
