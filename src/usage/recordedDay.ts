import { column, group, omit, optional, pick, type RowOf } from './rowShape.ts';
import { figuresShape, subscriptionSnapshotShape } from './usageSnapshot.ts';

/** The columns that a history reads of a day's row; its date is in the key. */
export const recordedDayShape = {
  ...pick(subscriptionSnapshotShape, 'outcome', 'customerName'),
  /** Present only in rows of a subscription or plan. */
  subscriptionName: optional(column.text),
  // The currency alone, without the texts of the API it was derived from.
  figures: optional(group(omit(figuresShape, 'currencyCode', 'currencyLocale'))),
};

/** A day of a customer, or of a subscription or plan, as a history reads it. */
export type RecordedDay = { snapshotDate: string } & RowOf<typeof recordedDayShape>;
