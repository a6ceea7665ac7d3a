import type { HistoryContext } from './historyContext.ts';
import { findLatestDates } from './latestDates.ts';

/** A night comes every 24 hours, and may take two. */
const longestWithoutHours = 26;

export interface Health {
  /** Whether a complete run ended within the last 26 hours. */
  isHealthy: boolean;
  /** Absent where there is none in five weeks. */
  latestCompleteDate?: string;
  /** Why it is not healthy, and what else is to be looked at; no customer is named, as anybody may read it. */
  reasons: string[];
  /** Why the tables could not be read. It may name hosts: it is for a log, not for anybody. */
  cause?: unknown;
}

/** Never throws: what fails is a reason. */
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
