import type { RunItem } from './api.ts';
import { listDates } from './dates.ts';
import { formatDate, plural } from './format.ts';

/** What came of the runs of a day. */
export type NightKind =
  | 'complete'
  | 'partial'
  | 'failed'
  | 'running'
  | 'missing'
  | 'due'
  | 'before';

export interface Night {
  date: string;
  kind: NightKind;
  /** The run that came furthest. */
  run?: RunItem;
}

export const nightWords: Record<NightKind, string> = {
  complete: 'complete',
  partial: 'partial',
  failed: 'failed',
  running: 'running',
  missing: 'missing',
  due: 'not yet run',
  before: 'before the first run',
};

/** Says by shape what the colour says. */
export const nightMarks: Record<NightKind, string> = {
  complete: '',
  partial: '',
  failed: '!',
  running: '…',
  missing: '×',
  due: '',
  before: '',
};

const order = ['complete', 'partial', 'running', 'failed'] as const;

/**
 * The days of a range with the best of each.
 *
 * @param runs also of days before the range, which tell whether it begins before the first run
 */
export function nightsOf(
  runs: readonly RunItem[],
  { from, to }: { from: string; to: string },
  today: string,
): Night[] {
  const ofAll = runs.filter(({ scope }) => scope === 'all');
  const first = ofAll.map(({ snapshotDate }) => snapshotDate).toSorted()[0] ?? '9999';
  return listDates(from, to).map((date) => {
    const [run] = ofAll
      .filter(({ snapshotDate }) => snapshotDate === date)
      .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
    if (run) return { date, kind: run.status, run };
    if (date === today) return { date, kind: 'due' };
    return { date, kind: date < first ? 'before' : 'missing' };
  });
}

export function describeNight({ date, kind, run }: Night): string {
  const parts = [`${formatDate(date)}: ${nightWords[kind]}`];
  if (!run) return parts.join('');
  const { customersListed, customersWithUsage, customersWithoutUsage, customersRefused } = run;
  const done = customersWithUsage + customersWithoutUsage + customersRefused;
  parts.push(`${done} of ${plural(customersListed, 'customer')}`);
  if (run.customersFailed > 0) parts.push(`${plural(run.customersFailed, 'customer')} failed`);
  if (run.customersRefused > 0) parts.push(`${plural(run.customersRefused, 'customer')} refused`);
  return parts.join(', ');
}
