import { ApiPausedError, RequestError } from '../errors.ts';
import { isKeptOver } from '../usage/sameDay.ts';
import { figuresOf } from '../usage/usageFigures.ts';
import type { PartnerSnapshot } from '../usage/usageSnapshot.ts';
import { type CaptureOptions, capturedNow } from './captureOptions.ts';
import { describeFailure } from './failure.ts';
import type { UsageByCustomerStore } from './snapshotStores.ts';

/**
 * The partner's own summary. It leaves out Azure plan customers and is planned for deprecation
 * (Partner Center: get a partner's usage summary), so its failure is recorded and ends no run.
 */
export async function capturePartner(options: CaptureOptions): Promise<PartnerSnapshot> {
  const base = {
    resource: 'partner' as const,
    snapshotDate: options.snapshotDate,
    runId: options.runId,
  };
  try {
    const summary = await options.partnerCenter.getPartnerUsageSummary();
    const capturedAt = capturedNow(options);
    options.fields.note('partner', summary?.unreadable);
    if (!summary) return { ...base, capturedAt, outcome: 'noUsage' };
    const figures = figuresOf(summary, options.snapshotDate);
    return { ...base, capturedAt, outcome: 'usage', figures, raw: summary.raw };
  } catch (error) {
    const isRequests = error instanceof RequestError || error instanceof ApiPausedError;
    if (!isRequests) throw error;
    const failure = describeFailure('summary', error);
    return { ...base, capturedAt: capturedNow(options), outcome: 'failed', failure };
  }
}

/** Keeps the partner's row, unless that of an earlier run of the day stays (see {@link isKeptOver}). */
export async function keepPartner(
  snapshot: PartnerSnapshot,
  store: UsageByCustomerStore,
): Promise<void> {
  const earlier = await store.getPartnerSnapshot(snapshot.snapshotDate);
  if (earlier && isKeptOver(earlier, snapshot)) return;
  await store.upsertPartner(snapshot);
}
