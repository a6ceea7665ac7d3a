import { figuresOf } from '../usage/usageFigures.ts';
import { isBetterOutcome, type PartnerSnapshot } from '../usage/usageSnapshot.ts';
import { type CaptureOptions, capturedNow } from './captureOptions.ts';
import { failureOf } from './failure.ts';
import type { UsageByCustomerStore } from './stores.ts';

/**
 * The partner's own summary. It leaves out Azure plan customers and is planned for deprecation
 * (Partner Center: get a partner's usage summary), so its failure is kept and stands in no way.
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
    if (!summary) return { ...base, capturedAt, outcome: 'noUsage' };
    const figures = figuresOf(summary, options.snapshotDate);
    return { ...base, capturedAt, outcome: 'usage', figures, raw: summary.raw };
  } catch (error) {
    const failure = failureOf('summary', error);
    return { ...base, capturedAt: capturedNow(options), outcome: 'failed', failure };
  }
}

/** Keeps the partner's row, unless an earlier run of the day had better luck. */
export async function keepPartner(
  snapshot: PartnerSnapshot,
  store: UsageByCustomerStore,
): Promise<void> {
  if (snapshot.outcome === 'failed') {
    const earlier = await store.getPartnerSnapshot(snapshot.snapshotDate);
    if (earlier && isBetterOutcome(earlier.outcome, snapshot.outcome)) return;
  }
  await store.upsertPartner(snapshot);
}
