import { messageOf, RequestError } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { SubscriptionSnapshot } from '../usage/usageSnapshot.ts';
import { isFewFailing } from './dayLedger.ts';
import { isOwnFailure } from './failure.ts';
import { FieldReport } from './fieldReport.ts';
import { LeaseLostError } from './lease.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import { type CapturedPlan, capturePlanDetails } from './planDetails.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type { StopPolicy } from './stopPolicy.ts';

/** After so many failures in a row all others are taken to fail as well, and none is tried. */
const maxFailuresInARow = 20;

/**
 * The stage of a run after its customers: what the cost of each plan consists of. It fails nothing
 * of what was captured before; what it leaves is taken up by a later run of the day.
 */
export class DepthStage {
  readonly #run: SnapshotRun;
  readonly #context: SnapshotContext;
  readonly #end: StopPolicy;
  readonly #partnerCenter: PartnerCenter;
  readonly #fields = new FieldReport();
  readonly #visited = new Set<string>();
  #captured = 0;
  #failed = 0;
  #failedInARow = 0;
  #firstFailure: unknown;
  /** Whether the rest is left to a later run. */
  #isStopped = false;
  #isReady: Promise<boolean> | undefined;
  readonly #open: Promise<void>[] = [];

  /** @param correlationId of the run's other requests */
  constructor(run: SnapshotRun, context: SnapshotContext, end: StopPolicy, correlationId: string) {
    this.#run = run;
    this.#context = context;
    this.#end = end;
    this.#partnerCenter = context.connect(end.signal, end.takesCustomersUntilMs, correlationId);
  }

  /**
   * Captures the plans of customers, except for those that were visited before.
   *
   * @throws LeaseLostError
   */
  capture(customerIds: Iterable<string>): Promise<void> {
    const work = this.#captureAll(customerIds);
    // A caller may go on without it; `finish` waits for it and throws what it throws.
    work.catch(() => {});
    this.#open.push(work);
    return work;
  }

  /** Takes no more customers. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Reports what failed, and enters the counts in the run's record.
   *
   * @throws LeaseLostError
   */
  async finish({ isRepeated }: { isRepeated: boolean }): Promise<void> {
    await Promise.allSettled(this.#open);
    this.#report(isRepeated);
    await Promise.all(this.#open);
  }

  #report(isRepeated: boolean): void {
    const { events } = this.#context;
    const run = this.#run;
    run.depthCaptured = this.#captured;
    run.depthFailed = this.#failed;
    // What fails for good is tried by one more run of the day.
    const isFew = isRepeated && isFewFailing(this.#failed, this.#captured + this.#failed);
    run.isDepthDone = !this.#isStopped && (this.#failed === 0 || isFew);
    const { counts, unfamiliarNoUsage } = this.#partnerCenter;
    run.requests += counts.requests;
    run.retries += counts.retries;
    run.throttled += counts.throttled;
    run.tokenRequests += counts.tokenRequests;
    this.#fields.emit(events, { unfamiliarNoUsage });
    if (this.#firstFailure === undefined) return;
    const error = this.#firstFailure;
    const status = statusOf(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    const isForbiddenToKeep = status === 403 && !(error instanceof RequestError);
    const message = messageOf(error) + (isForbiddenToKeep ? '; or set SNAPSHOT_DEPTH=off' : '');
    events.emit('snapshot.depth.failed', { plans: this.#failed, status, code, message });
  }

  async #captureAll(customerIds: Iterable<string>): Promise<void> {
    const { concurrency } = this.#context.settings;
    if (!(await this.#prepare())) return;
    await forEachBounded(this.#takeUntilStopped(customerIds), concurrency, (customerId) =>
      this.#attempt(() => this.#captureCustomer(customerId)),
    );
  }

  /** Whether the records can be stored. */
  #prepare(): Promise<boolean> {
    this.#isReady ??= this.#ensureContainer();
    return this.#isReady;
  }

  async #ensureContainer(): Promise<boolean> {
    if (this.#isStopped || this.#end.reason !== undefined) {
      this.#isStopped = true;
      return false;
    }
    if (this.#context.settings.depth.level !== 'resources') return true;
    try {
      await this.#context.stores.usageDetails.ensureContainer();
      return true;
    } catch (error) {
      this.#note(error);
      this.#isStopped = true;
      return false;
    }
  }

  *#takeUntilStopped(customerIds: Iterable<string>): Generator<string> {
    for (const customerId of customerIds) {
      if (this.#visited.has(customerId)) continue;
      this.#isStopped ||= this.#end.reason !== undefined;
      if (this.#isStopped) return;
      this.#visited.add(customerId);
      yield customerId;
    }
  }

  async #captureCustomer(customerId: string): Promise<void> {
    const { usageByCustomer } = this.#context.stores;
    const { snapshotDate } = this.#run;
    const own = await usageByCustomer.getCustomerSnapshot(customerId, snapshotDate);
    const plans = await usageByCustomer.listSubscriptionSnapshots(
      customerId,
      own?.subscriptionIds ?? [],
      snapshotDate,
    );
    for (const plan of plans) {
      if (this.#isStopped || !this.#isDetailed(plan)) continue;
      await this.#attempt(() => this.#capturePlan(plan));
    }
  }

  #isDetailed(plan: SubscriptionSnapshot): plan is CapturedPlan {
    const { level, minimumCost } = this.#context.settings.depth;
    const { figures } = plan;
    if (!figures || Number(figures.totalCost) < minimumCost) return false;
    // Records by meter name no Azure subscription.
    return level === 'resources' || figures.plan === 'azurePlan';
  }

  async #capturePlan(plan: CapturedPlan): Promise<void> {
    const isCaptured = await capturePlanDetails(plan, {
      runId: this.#run.runId,
      partnerCenter: this.#partnerCenter,
      fields: this.#fields,
      context: this.#context,
    });
    if (isCaptured) this.#captured++;
    this.#failedInARow = 0;
  }

  /** @throws LeaseLostError */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      // What the end of the run broke off did not fail.
      if (this.#end.signal.aborted) {
        this.#isStopped = true;
        return;
      }
      this.#failed++;
      this.#failedInARow++;
      this.#note(error);
      const concernsAll = error instanceof RequestError && !isOwnFailure(error);
      if (concernsAll || this.#failedInARow >= maxFailuresInARow) this.#isStopped = true;
    }
  }

  #note(error: unknown): void {
    this.#firstFailure ??= error;
  }
}

/** What Partner Center answered, or the storage. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof RequestError) return error.facts.status;
  return error instanceof Error && 'status' in error ? Number(error.status) : undefined;
}
