import type { HistoryContext } from './historyContext.ts';
import { findLatestDates } from './latestDates.ts';

/** A night comes every 24 hours, and may take two. */
const longestWithoutHours = 26;

export interface Health {
  /** Whether a complete run ended within the last 26 hours. */
  isHealthy: boolean;
  /** Absent where there is none in five weeks. */
  latestCompleteDate?: string;
  /** Why it is not healthy; no word of a customer, as anybody may read it. */
  reasons: string[];
  /** Why the tables could not be read. It may name hosts: it is for a log, not for anybody. */
  cause?: unknown;
}

/** Never throws: what fails is a reason. */
export async function checkHealth(context: HistoryContext): Promise<Health> {
  try {
    const { complete, completedAt } = await findLatestDates(context);
    if (complete === undefined || completedAt === undefined) {
      return { isHealthy: false, reasons: ['no complete run in the last 35 days'] };
    }
    const hours = (context.now() - Date.parse(completedAt)) / 3_600_000;
    const isHealthy = hours <= longestWithoutHours;
    const late = `the latest complete run ended at ${completedAt}, more than ${longestWithoutHours} hours ago`;
    return { isHealthy, latestCompleteDate: complete, reasons: isHealthy ? [] : [late] };
  } catch (error) {
    return { isHealthy: false, reasons: ['the tables cannot be read'], cause: error };
  }
}
