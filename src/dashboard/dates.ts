/** Dates are `yyyy-MM-dd`, UTC. */

const dayMs = 86_400_000;

export function addDays(date: string, days: number): string {
  return dateOf(toMs(date) + days * dayMs);
}

/** Milliseconds since the epoch at the start of the day. */
export function toMs(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

export function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

export function today(): string {
  return dateOf(Date.now());
}

/** Both included. */
export function listDates(from: string, to: string): string[] {
  const dates: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}
