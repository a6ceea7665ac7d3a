import type { AlertStatus, BudgetAlert, ThresholdKind } from '../usage/budgetAlert.ts';
import { present } from '../usage/present.ts';
import { amountColumns, doubleColumn, type Entity, printedAmountColumns, text } from './columns.ts';
import { budgetAlertRowKey, dateKey } from './keys.ts';
import { type Row, RowReader } from './rowReader.ts';

const kinds: readonly ThresholdKind[] = ['actual', 'forecast'];
const statuses: readonly AlertStatus[] = ['raised', 'covered', 'baseline'];

/**
 * A row of `BudgetAlerts`.
 *
 * @throws RangeError when the customer's id or the budget cannot be in a key, or a date is none
 */
export function toBudgetAlertEntity(alert: BudgetAlert): Entity {
  const { forecastTotalCost } = alert;
  return {
    partitionKey: dateKey(alert.billingPeriodStart),
    rowKey: budgetAlertRowKey(alert),
    alertId: alert.alertId,
    customerId: alert.customerId,
    customerName: text(alert.customerName),
    kind: alert.kind,
    threshold: doubleColumn(alert.threshold),
    status: alert.status,
    delivered: alert.isDelivered,
    raisedAt: text(alert.raisedAt),
    ...amountColumns('totalCost', alert.totalCost),
    ...(forecastTotalCost !== undefined && amountColumns('forecastTotalCost', forecastTotalCost)),
    ...printedAmountColumns('budgetAmount', alert.budgetAmount),
    ...printedAmountColumns('percentUsed', alert.percentUsed),
    currency: text(alert.currency),
    billingPeriodStart: alert.billingPeriodStart,
    billingPeriodEnd: dateKey(alert.billingPeriodEnd),
    snapshotDate: dateKey(alert.snapshotDate),
  };
}

/** @throws StorageError `UNREADABLE_ROW` */
export function fromBudgetAlertEntity(table: string, row: Row): BudgetAlert {
  const reader = new RowReader(table, row);
  return present({
    alertId: reader.string('alertId'),
    customerId: reader.string('customerId'),
    customerName: reader.string('customerName'),
    kind: reader.oneOf('kind', kinds),
    threshold: reader.number('threshold'),
    status: reader.oneOf('status', statuses),
    isDelivered: reader.boolean('delivered'),
    raisedAt: reader.string('raisedAt'),
    totalCost: reader.amount('totalCost'),
    forecastTotalCost: reader.optionalAmount('forecastTotalCost'),
    budgetAmount: reader.printedAmount('budgetAmount'),
    percentUsed: reader.printedAmount('percentUsed'),
    currency: reader.string('currency'),
    billingPeriodStart: reader.date('billingPeriodStart'),
    billingPeriodEnd: reader.date('billingPeriodEnd'),
    snapshotDate: reader.date('snapshotDate'),
  });
}
