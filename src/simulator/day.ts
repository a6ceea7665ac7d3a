/** A day is a whole number: days since 1970-01-01, UTC. */
export const dayMs = 86_400_000;

export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / dayMs);
}

/** `yyyy-MM-dd`. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The day with this number in the month (0 to 11, which may run over into other years). */
export function dayInMonth(year: number, month: number, dayOfMonth: number): number {
  return dayOf(Date.UTC(year, month, dayOfMonth));
}
