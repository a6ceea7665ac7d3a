import { isBillingPeriod } from '../usage/billingPeriod.ts';
import { present } from '../usage/present.ts';
import type { Failure, FailurePhase, Outcome, UsageFigures } from '../usage/usageSnapshot.ts';
import {
  amountColumns,
  type Columns,
  doubleColumn,
  int32Column,
  messageText,
  printedAmountColumns,
  text,
} from './columns.ts';
import type { RowReader } from './rowReader.ts';

const plans: readonly UsageFigures['plan'][] = ['azurePlan', 'payAsYouGo'];
const phases: readonly FailurePhase[] = [
  'summary',
  'subscriptions',
  'subscriptionSummary',
  'usageRecords',
  'store',
];

export function figureColumns(figures: UsageFigures): Columns {
  const { usdTotalCost, budgetAmount, percentUsed } = figures;
  return {
    ...amountColumns('totalCost', figures.totalCost),
    ...(usdTotalCost === undefined ? {} : amountColumns('usdTotalCost', usdTotalCost)),
    ...(budgetAmount === undefined ? {} : printedAmountColumns('budgetAmount', budgetAmount)),
    ...present({
      plan: figures.plan,
      currency: text(figures.currency),
      currencyCode: text(figures.currencyCode),
      currencyLocale: text(figures.currencyLocale),
      percentUsed: percentUsed === undefined ? undefined : doubleColumn(percentUsed),
      billingStartDate: text(figures.billingStartDate),
      billingEndDate: text(figures.billingEndDate),
      lastModifiedDate: text(figures.lastModifiedDate),
    }),
  };
}

/**
 * The figures of a row; `undefined` where it has none.
 *
 * @throws StorageError `UNREADABLE_ROW`, also where a row of this outcome has to have some
 */
export function figuresFrom(
  reader: RowReader,
  outcome: Outcome,
  snapshotDate: string,
): UsageFigures | undefined {
  const hasFigures = reader.has('totalCost') || reader.has('totalCostExact');
  if (!hasFigures && outcome !== 'usage') return undefined;
  return present({
    totalCost: reader.amount('totalCost'),
    plan: reader.oneOf('plan', plans),
    usdTotalCost: reader.optionalAmount('usdTotalCost'),
    currency: reader.string('currency'),
    currencyCode: reader.optionalString('currencyCode'),
    currencyLocale: reader.optionalString('currencyLocale'),
    budgetAmount: reader.optionalPrintedAmount('budgetAmount'),
    percentUsed: reader.optionalNumber('percentUsed'),
    ...periodDatesFrom(reader, snapshotDate),
    lastModifiedDate: reader.optionalString('lastModifiedDate'),
  });
}

/** Dates that no billing period has (`0001-01-01`) were once stored as they came. */
function periodDatesFrom(reader: RowReader, snapshotDate: string) {
  const billingStartDate = reader.optionalString('billingStartDate');
  const billingEndDate = reader.optionalString('billingEndDate');
  const dates = { billingStartDate, billingEndDate };
  return isBillingPeriod(dates, snapshotDate) ? dates : {};
}

export function failureColumns(failure: Failure): Columns {
  return present({
    errorPhase: failure.phase,
    errorStatus: failure.status === undefined ? undefined : int32Column(failure.status),
    errorCode: text(failure.code),
    errorMessage: messageText(failure.message),
    correlationId: text(failure.correlationId),
    requestId: text(failure.requestId),
  });
}

/** What went wrong, of a row; `undefined` where nothing did. */
export function failureFrom(reader: RowReader): Failure | undefined {
  if (!reader.has('errorPhase')) return undefined;
  return present({
    phase: reader.oneOf('errorPhase', phases),
    status: reader.optionalInteger('errorStatus'),
    code: reader.string('errorCode'),
    message: reader.string('errorMessage'),
    correlationId: reader.optionalString('correlationId'),
    requestId: reader.optionalString('requestId'),
  });
}
