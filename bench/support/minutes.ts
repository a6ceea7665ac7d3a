import type { MinuteCounts } from './watchedSimulator.ts';

type Count = Exclude<keyof MinuteCounts, 'startMs' | 'hiddenLimit'>;

/** Without the first and the last minute, which are incomplete. */
export function fullMinutes(minutes: readonly MinuteCounts[]): MinuteCounts[] {
  return minutes.slice(1, -1);
}

export function sumOf(minutes: readonly MinuteCounts[], count: Count): number {
  return minutes.reduce((sum, minute) => sum + minute[count], 0);
}

/** `0.987 of the limit, 1.5 % answered 429` */
export function describeThroughput(share: number, throttled: number, answers: number): string {
  const percent = ((100 * throttled) / answers).toFixed(1);
  return `${share.toFixed(3)} of the limit, ${percent} % answered 429`;
}
