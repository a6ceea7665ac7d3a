import type { ReportedPeriod } from '../history/reportedPeriod.ts';
import { addDays, daysBetween } from '../usage/date.ts';
import type { DailyItem } from '../usage/history.ts';
import type { Plan } from '../usage/plan.ts';

export const planNames: Readonly<Record<Plan, string>> = {
  azurePlan: 'Azure plan',
  payAsYouGo: 'Pay-as-you-go (legacy)',
};

const outcomeNames: Readonly<Record<DailyItem['outcome'], string>> = {
  usage: '',
  noUsage: 'no usage',
  refused: 'refused',
  failed: 'failed',
  missing: 'not recorded',
};

/** What a day is unlike others in; empty for an ordinary one. */
export function describeDay({ outcome, figures, period, isStale, daysCovered }: DailyItem): string {
  const notes = [
    daysCovered > 1 && `of ${daysCovered} days`,
    outcomeNames[outcome],
    isStale && 'stale',
    figures !== undefined && period === undefined && 'without a period',
  ];
  return notes.filter(Boolean).join(', ');
}

/** A day of which nothing was learnt. */
export function isGap({ figures, outcome }: DailyItem): boolean {
  return figures === undefined && outcome !== 'noUsage';
}

export function lastDayOf({ period }: ReportedPeriod): string {
  return addDays(period.end, -1);
}

/** What is final, and what may be missing, in whole sentences. */
export function describeCompleteness(reported: ReportedPeriod, today: string): string[] {
  const { period, days, lastSnapshotDate } = reported;
  const sentences: string[] = [];
  if (today < period.end) {
    sentences.push(
      `The period is not over, it runs to ${lastDayOf(reported)}. Its last figures are of ${lastSnapshotDate}.`,
    );
  } else {
    sentences.push(
      `Not final: Partner Center never shows a closed period again, so up to two days of use at its end may be missing. The last figures are of ${lastSnapshotDate}.`,
    );
    const unseen = daysBetween(lastSnapshotDate, period.end);
    if (unseen > 1) {
      sentences.push(`That is ${unseen} days before its end, and use after them is missing.`);
    }
  }
  const [first] = days;
  if (first && first.daysCovered > 1) {
    sentences.push(
      `The first figures are of ${first.date} and stand for ${first.daysCovered} days.`,
    );
  }
  sentences.push(...describeGaps(days.filter(({ date }) => date < lastSnapshotDate)));
  if (days.length === 0) {
    sentences.push(
      'The figures of the customer as a whole do not name this period: the total is the sum of the lines.',
    );
  }
  return sentences;
}

/** Of days before the last figures; what comes after those is missing as a whole. */
function describeGaps(days: readonly DailyItem[]): string[] {
  const gaps = days.filter(isGap).length;
  const stale = days.filter(({ isStale }) => isStale).length;
  return [
    gaps > 0 &&
      `${count(gaps, 'day')} without figures (×): the cost is in that of the next day with figures.`,
    stale > 0 &&
      `${count(stale, 'day')} with the figures of an earlier day (○, stale): the cost is in that of the next new ones.`,
  ].filter((sentence) => sentence !== false);
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
