import { column, group, omit, optional, pick, type RowOf } from './rowShape.ts';
import { figuresShape, subscriptionSnapshotShape } from './usageSnapshot.ts';

/** What a history asks for of a day's row; its date is in the key. */
export const recordedDayShape = {
  ...pick(subscriptionSnapshotShape, 'outcome', 'customerName'),
  /** Present exactly where it is a subscription's or plan's. */
  subscriptionName: optional(column.text),
  // Of a currency it takes what was made of the texts that the API sent.
  figures: optional(group(omit(figuresShape, 'currencyCode', 'currencyLocale'))),
};

/** A day of a customer, or of a subscription or plan, as a history reads it. */
export type RecordedDay = { snapshotDate: string } & RowOf<typeof recordedDayShape>;
