/**
 * Events: one line of JSON each, flat, under names that alert rules and workbooks are built on.
 */

export type EventLevel = 'info' | 'warning' | 'error';
export type EventFields = Record<string, string | number | boolean | undefined>;

/** The level each event has unless its sender says otherwise. */
const levels = {
  'snapshot.run.completed': 'info',
  'snapshot.run.failed': 'error',
  'snapshot.customer.failed': 'warning',
  'budget.threshold.crossed': 'warning',
  'usage.anomaly.detected': 'warning',
  'snapshot.currency.unknown': 'warning',
  'snapshot.row.unreadable': 'warning',
  'snapshot.field.unreadable': 'warning',
  'snapshot.customer.failing': 'warning',
  'credential.refreshToken.rotated': 'info',
  'credential.refreshToken.notStored': 'error',
} as const satisfies Record<string, EventLevel>;

export type EventName = keyof typeof levels;

/** Where events go. */
export interface EventLog {
  /** Fields that are `undefined` are left out of the line. */
  emit(event: EventName, fields: EventFields, level?: EventLevel): void;
}

/** Writes each event as one line of JSON: `{"event":…, …fields}`. */
export function createEventLog(write: (level: EventLevel, line: string) => void): EventLog {
  return {
    emit(event, fields, level = levels[event]) {
      write(level, JSON.stringify({ event, ...fields }));
    },
  };
}
