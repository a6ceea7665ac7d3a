import type { HistoryContext } from './historyContext.ts';
import { findLatestDates } from './latestDates.ts';

/** A nightly run begins every 24 hours, and may take two. */
const longestWithoutHours = 26;

export interface Health {
  /** Whether a complete run ended within the last 26 hours. */
  isHealthy: boolean;
  /** Absent where there is none in five weeks. */
  latestCompleteDate?: string;
  /** Why it is not healthy, and other problems; without customers' names, as it is public. */
  reasons: string[];
  /** Why the tables could not be read. It may name hosts, so it is only for the log. */
  cause?: unknown;
}

/** Never throws: a failure becomes a reason. */
export async function checkHealth(context: HistoryContext): Promise<Health> {
  try {
    const latest = await findLatestDates(context);
    const { complete, completedAt, customersFailing = 0 } = latest;
    if (complete === undefined || completedAt === undefined) {
      return { isHealthy: false, reasons: ['no complete run in the last 35 days'] };
    }
    const hours = (context.now() - Date.parse(completedAt)) / 3_600_000;
    const isHealthy = hours <= longestWithoutHours;
    const late = `the latest complete run ended at ${completedAt}, more than ${longestWithoutHours} hours ago`;
    const reasons = isHealthy ? [] : [late];
    if (customersFailing > 0) reasons.push(failingOf(customersFailing));
    return { isHealthy, latestCompleteDate: complete, reasons };
  } catch (error) {
    return { isHealthy: false, reasons: ['the tables cannot be read'], cause: error };
  }
}

function failingOf(customers: number): string {
  const customersHave = customers === 1 ? '1 customer has' : `${customers} customers have`;
  return `${customersHave} failed on three recorded days or more`;
}
