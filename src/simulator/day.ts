/** A day is a whole number: days since 1970-01-01, UTC. */
export const dayMs = 86_400_000;

export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / dayMs);
}

/** `yyyy-MM-dd`. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The day of a month (0 to 11; other numbers are months of other years). */
export function dayInMonth(year: number, month: number, dayOfMonth: number): number {
  return dayOf(Date.UTC(year, month, dayOfMonth));
}
