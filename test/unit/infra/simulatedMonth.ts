import type { LogLine, Period } from './alertRules.ts';
import { minuteMs } from './alertRules.ts';

/** A month of lines, as they would be logged, and how late they come. */

const monthStartMs = Date.parse('2026-03-01T00:00:00Z');
export const minutesOfMonth = 31 * 24 * 60;
/** Two days more, so that what begins in the month also ends. */
export const month: Period = {
  fromMs: monthStartMs,
  minutes: minutesOfMonth + 2 * 24 * 60,
  firstNight: '2026-03-02',
};

/** `d09 02:45`: a minute of the month. */
export function minuteOf(when: string): number {
  const [, day, hour, minute] = when.match(/^d(\d+) (\d\d):(\d\d)$/) ?? [];
  if (minute === undefined) throw new Error(`expected d<day> hh:mm, got ${when}`);
  return ((Number(day) - 1) * 24 + Number(hour)) * 60 + Number(minute);
}

/** The same the other way round. */
export function whenOf(minute: number): string {
  const [date = '', time = ''] = new Date(monthStartMs + minute * minuteMs)
    .toISOString()
    .split('T');
  const day = date < '2026-04-01' ? Number(date.slice(-2)) : 31 + Number(date.slice(-2));
  return `d${String(day).padStart(2, '0')} ${time.slice(0, 5)}`;
}

const dateOf = (when: string) => {
  const timeMs = monthStartMs + minuteOf(when) * minuteMs;
  return new Date(timeMs).toISOString().slice(0, 10);
};

/** An event, and the minute of the month in which it is logged. */
export interface LoggedEvent {
  when: string;
  event: string;
  fields: Record<string, unknown>;
}

const run = (when: string, fields: Record<string, unknown>): LoggedEvent => ({
  when,
  event: 'snapshot.run.completed',
  fields: { snapshotDate: dateOf(when), scope: 'all', isSettled: false, ...fields },
});
const partial = (when: string) => run(when, { status: 'partial' });
/** From day 17 to day 24 but for a customer that fails for good. */
const settled = (when: string) =>
  when >= 'd17' && when < 'd25'
    ? run(when, { status: 'partial', isSettled: true, customersFailing: 1 })
    : run(when, { status: 'complete', isSettled: true });
const unconcluded = (when: string) => run(when, { status: 'complete', error: 'alerts are left' });
const failed = (when: string): LoggedEvent => ({
  when,
  event: 'snapshot.run.failed',
  fields: { snapshotDate: dateOf(when), scope: 'all', error: 'no refresh token is stored' },
});
const rotated = (when: string): LoggedEvent => ({
  when,
  event: 'credential.refreshToken.rotated',
  fields: { ageDays: 1 },
});
const notStored = (when: string): LoggedEvent => ({
  when,
  event: 'credential.refreshToken.notStored',
  fields: { ageDays: 1, error: 'the vault refused' },
});
const customerOf = (number: number) =>
  `c0ffee00-0000-4000-8000-${String(number).padStart(12, '0')}`;
const refused = (when: string, number: number): LoggedEvent => ({
  when,
  event: 'snapshot.customer.failed',
  fields: {
    customerId: customerOf(number),
    outcome: 'refused',
    phase: 'summary',
    status: 403,
    code: '20002',
  },
});
const failing = (when: string, days: number, number = 1): LoggedEvent => ({
  when,
  event: 'snapshot.customer.failing',
  fields: {
    customerId: customerOf(number),
    customerName: 'Contoso',
    days,
    phase: 'summary',
    status: 500,
    code: '2000',
  },
});
const anomaly = (when: string, number: number): LoggedEvent => ({
  when,
  event: 'usage.anomaly.detected',
  fields: {
    customerId: customerOf(number),
    customerName: `Customer ${number}`,
    dailyCost: 900 + number,
    expectedCost: 100,
    currency: 'EUR',
    snapshotDate: dateOf(when),
  },
});

/** A threshold of 100 % that a customer has crossed. */
export const crossing = (when: string, number: number): LoggedEvent => ({
  when,
  event: 'budget.threshold.crossed',
  fields: {
    alertId: `alert-${number}`,
    customerId: customerOf(number),
    customerName: `Customer ${number}`,
    kind: number % 3 === 0 ? 'forecast' : 'actual',
    threshold: 100,
    percentUsed: 104,
    totalCost: 1040,
    forecastTotalCost: 1100,
    budgetAmount: 1000,
    currency: 'EUR',
  },
});

const hours = (day: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => {
    return `d${String(day).padStart(2, '0')} ${String(from + index).padStart(2, '0')}:05`;
  });
const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index);

const calm = (day: number) => {
  const date = `d${String(day).padStart(2, '0')}`;
  return [rotated(`${date} 02:30`), settled(`${date} 02:45`)];
};

/** Days on which something else than a calm night comes. */
const days: Record<number, LoggedEvent[]> = {
  // Deployed at 09:40, signed in at 16:20.
  1: [...hours(1, 10, 16).map(failed), rotated('d01 17:00'), settled('d01 17:10')],
  3: [rotated('d03 02:30'), partial('d03 03:20'), settled('d03 04:20')],
  5: [partial('d05 03:20'), ...hours(5, 4, 8).map(partial), settled('d05 09:05')],
  7: [partial('d07 03:20'), ...hours(7, 4, 15).map(partial), settled('d07 16:05')],
  9: [failed('d09 02:31'), ...hours(9, 4, 23).map(failed)],
  // From the afternoon of day 12 to that of day 13 nothing runs.
  13: [rotated('d13 16:00'), settled('d13 16:10')],
  15: [partial('d15 02:45'), ...hours(15, 4, 23).map(partial)],
  16: [partial('d16 02:45'), ...hours(16, 4, 23).map(partial)],
  17: [settled('d17 02:45'), failing('d17 02:45', 3)],
  20: [...calm(20), ...numbers(1, 3).map((n) => refused('d20 02:40', n))],
  21: [notStored('d21 02:30'), settled('d21 02:45')],
  24: [...calm(24), failing('d24 02:45', 10)],
  26: [unconcluded('d26 02:45'), ...hours(26, 4, 6).map(unconcluded), settled('d26 07:05')],
  28: [
    ...calm(28),
    ...numbers(1, 9).map((n) => crossing('d28 02:45', n)),
    anomaly('d28 02:45', 1),
    anomaly('d28 02:45', 2),
    // The first comes again, as it could not be marked as delivered.
    crossing('d28 04:05', 1),
    crossing('d28 04:05', 10),
  ],
};

export const monthEvents: LoggedEvent[] = numbers(1, 33).flatMap((day) => days[day] ?? calm(day));

/**
 * The same month with events at all hours: a budget every 373 minutes, whose line comes again
 * after an hour and after a day, and one of each other kind every 347.
 */
export const manyEvents: LoggedEvent[] = numbers(0, minutesOfMonth).flatMap((minute) => {
  const when = whenOf(minute);
  const isNext = (every: number, after = 0) => minute >= after && (minute - after) % every === 0;
  const other = Math.floor(minute / 347);
  return [
    ...[0, 60, 24 * 60].flatMap((after) =>
      isNext(373, after) ? [crossing(when, (minute - after) / 373)] : [],
    ),
    ...(isNext(347) ? [anomaly(when, other), refused(when, other), failing(when, 3, other)] : []),
  ];
});

/** How many minutes a line takes to arrive, and from then on to be seen. */
export interface Delay {
  arrival: () => number;
  seen: () => number;
}

export function toLogLines(events: LoggedEvent[], { arrival, seen }: Delay): LogLine[] {
  return events.map(({ when, event, fields }) => {
    const loggedAtMs = monthStartMs + minuteOf(when) * minuteMs;
    const ingestedAtMs = loggedAtMs + Math.round(arrival() * minuteMs);
    const seenFromMs = ingestedAtMs + Math.round(seen() * minuteMs);
    const message = JSON.stringify({ event, ...fields });
    return { loggedAtMs, ingestedAtMs, seenFromMs, message };
  });
}
