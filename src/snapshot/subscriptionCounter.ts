import { type Failure, isDone } from '../usage/usageSnapshot.ts';
import type { Capture } from './captureCustomer.ts';
import type { Refusal } from './refusals.ts';

/** Counts the outcomes of a run's subscriptions and of the lists that name them. */
export class SubscriptionCounter {
  readonly #runId: string;
  captured = 0;
  failed = 0;
  #refused = 0;

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** Subscriptions and lists that were asked for. */
  get asked(): number {
    return this.captured + this.failed + this.#refused;
  }

  /**
   * @returns those that are forbidden (403), which can be a lost right; 404 and 410 cannot.
   */
  count({ customer: { customerId }, subscriptions, listRefusal }: Capture): Refusal | undefined {
    const refusals: (Failure | undefined)[] = listRefusal ? [listRefusal] : [];
    for (const { outcome, failure, runId } of subscriptions) {
      if (runId !== this.#runId) continue;
      if (isDone(outcome)) this.captured++;
      else if (outcome === 'failed') this.failed++;
      else refusals.push(failure);
    }
    this.#refused += refusals.length;
    const forbidden = refusals.filter((each) => each?.status === 403);
    const [failure] = forbidden;
    return failure && { customerId, failure, count: forbidden.length };
  }
}
