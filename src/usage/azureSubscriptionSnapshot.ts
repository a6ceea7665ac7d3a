import { recordedCostShape } from './recordedCost.ts';
import { column, group, omit, optional, type RowOf, word } from './rowShape.ts';
import { figuresShape, outcomes } from './usageSnapshot.ts';

/**
 * What takes the place of an Azure subscription's id: records that name none, those of a legacy
 * subscription, and the part of the total that no record explains.
 */
export const [unassignedId, metersId, restId] = ['unassigned', 'meters', 'rest'] as const;

/** An Azure subscription of a plan on one day: what its resources have cost in the period so far. */
export const azureSubscriptionSnapshotShape = {
  /** The UTC date on which the run began, `yyyy-MM-dd`. */
  snapshotDate: column.date,
  /** ISO 8601, UTC: when the records were received. */
  capturedAt: column.text,
  runId: column.id,
  /**
   * `usage`; `noUsage` on the day from which the records do not name it any more. Of the rest:
   * `usage` where records and total are of the same refresh, `failed` where they are not and cannot
   * be compared, `refused` where Partner Center has no records of the plan.
   */
  outcome: word(...outcomes),
  customerId: column.id,
  /** The plan, or a legacy subscription. */
  subscriptionId: column.id,
  /** A GUID in lower case, {@link unassignedId}, {@link metersId} or {@link restId}. */
  azureSubscriptionId: column.id,
  azureSubscriptionName: optional(column.text),
  /** The billing period so far. */
  figures: optional(group(figuresShape)),
  /** Absent where it could not be computed. */
  cost: optional(group(omit(recordedCostShape, 'forecastTotalCost'))),
};

export type AzureSubscriptionSnapshot = RowOf<typeof azureSubscriptionSnapshotShape>;
