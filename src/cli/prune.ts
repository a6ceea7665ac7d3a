import { systemClock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import { utcDateOf } from '../usage/date.ts';
import type { Answers } from './confirmation.ts';
import { type RemovalOptions, removeRows } from './removal.ts';
import type { ExitCode } from './terminal.ts';

/** Removes rows and blobs that were recorded before a date, `yyyy-MM-dd` UTC and at most today. */
export async function prune(
  { before, ...options }: RemovalOptions & { before: string },
  answers?: Answers,
): Promise<ExitCode> {
  const today = utcDateOf(systemClock.now());
  if (before > today) {
    throw new ConfigurationError([
      `--before: expected a date up to today, ${today} (UTC), got ${before}`,
    ]);
  }
  const removed = {
    what: `rows recorded before ${before}`,
    notes: ['Alerts stay until their billing period is over.'],
    head: { before },
    remove: (archive, rowOptions) => archive.prune(before, rowOptions),
    removeBlobs: (details, blobOptions) => details.prune(before, blobOptions),
  } satisfies Parameters<typeof removeRows>[0];
  return await removeRows(removed, options, answers);
}
