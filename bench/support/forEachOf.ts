/** Visits each item once, at most `concurrency` at a time. */
export async function forEachOf<T>(
  items: readonly T[],
  concurrency: number,
  visit: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const takeTurns = async () => {
    for (const item of rest) await visit(item);
  };
  await Promise.all(Array.from({ length: concurrency }, takeTurns));
}
