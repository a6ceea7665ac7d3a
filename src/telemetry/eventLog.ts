import { shorten } from '../text.ts';

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
  'snapshot.setting.unknown': 'warning',
  'snapshot.row.unreadable': 'warning',
  'snapshot.field.unreadable': 'warning',
  'snapshot.customer.failing': 'warning',
  'snapshot.depth.failed': 'warning',
  'credential.refreshToken.rotated': 'info',
  'credential.refreshToken.notStored': 'error',
} as const satisfies Record<string, EventLevel>;

export type EventName = keyof typeof levels;

/** Where events go. */
export interface EventLog {
  /** Fields that are `undefined` are left out of the line. */
  emit(event: EventName, fields: EventFields, level?: EventLevel): void;
}

/**
 * Writes each event as one line of JSON of at most 30,000 characters: `{"event":…, …fields}`. In a
 * longer one the longest texts are cut, each with a note of that.
 */
export function createEventLog(write: (level: EventLevel, line: string) => void): EventLog {
  return {
    emit(event, fields, level = levels[event]) {
      write(level, toLine({ event, ...fields }));
    },
  };
}

/** Application Insights: a message holds 32,768 characters; the host puts some before a line. */
const longestLine = 30_000;

function toLine(fields: EventFields): string {
  for (let longestText = longestLine; ; longestText = Math.floor(longestText / 2)) {
    const line = stringify(fields, longestText);
    if (line.length <= longestLine || longestText === 0) return line;
  }
}

/** Escapes line ends and invisible characters as in JSON. */
function stringify(fields: EventFields, longestText: number): string {
  const json = JSON.stringify(fields, (_name, value) =>
    typeof value === 'string' ? shorten(value, longestText).toWellFormed() : value,
  );
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => toEscape(character.charCodeAt(at))).join(
      '',
    ),
  );
}

function toEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
