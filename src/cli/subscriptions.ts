import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import { subscriptionsRoute } from '../http/subscriptionsRoute.ts';
import { quote } from '../text.ts';
import { findRecorded } from './customerName.ts';
import { printAnswer } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface SubscriptionsOptions {
  date?: string;
  json?: boolean;
}

/** The subscriptions and plans of a customer on a day. */
export async function subscriptions(
  customer: string,
  { date, json }: SubscriptionsOptions,
): Promise<ExitCode> {
  const context = openRecordedHistory();
  const customerId = await findRecorded(customer, context);
  const answer = await subscriptionsRoute.handle({ customerId, date, format: 'json' }, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeSubscriptions(answer));
  return exitCodes.done;
}

function describeSubscriptions(answer: DataAnswer): string {
  const head = answer.document() as Record<
    'customerName' | 'customerId' | 'date' | 'outcome',
    string
  >;
  const heading = `${quote(head.customerName)}\n${head.customerId}, ${head.date}: ${head.outcome}`;
  const rows = Array.from(answer.rows());
  if (rows.length === 0) return `${heading}\n\nno subscriptions on this day`;
  const columns: Column<Row>[] = [
    { heading: 'subscription', value: 'subscriptionName', kind: 'text' },
    { heading: 'id', value: 'subscriptionId', kind: 'id' },
    { heading: 'status', value: 'subscriptionStatus', spare: 2 },
    { heading: 'plan', value: 'plan', spare: 1 },
    { heading: 'currency', value: 'currency' },
    { heading: 'total cost', value: 'totalCost', kind: 'number' },
    { heading: 'outcome', value: 'outcome' },
    { heading: 'reason', value: 'errorMessage', kind: 'text' },
  ];
  return `${heading}\n\n${formatTable(columns, rows)}`;
}
