import { changesRoute } from '../http/changesRoute.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row, Value } from '../http/rows.ts';
import type { ChangeLevel } from '../usage/changes.ts';
import { type Comparison, comparedDateOf } from '../usage/movement.ts';
import { findRecorded } from './customerName.ts';
import { printAnswer, toText } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface ChangesOptions {
  date?: string;
  against: Comparison;
  by?: ChangeLevel;
  limit: number;
  json?: boolean;
}

/** What caused a change of a customer's cost. */
export async function changes(
  customer: string,
  { limit, json, ...query }: ChangesOptions,
): Promise<ExitCode> {
  const context = openRecordedHistory();
  const customerId = await findRecorded(customer, context);
  const answer = await changesRoute.handle({ ...query, customerId, format: 'json' }, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeChanges(answer, limit));
  return exitCodes.done;
}

interface Head {
  date: string;
  against: Comparison;
  currency: string | null;
  before: Value;
  after: Value;
  change: Value;
  unexplained: Value;
}

/** @param limit lines shown */
export function describeChanges(answer: DataAnswer, limit: number): string {
  const head = answer.document() as Head;
  const { date, against, currency, before, after, change, unexplained } = head;
  const heading = `${date} against ${comparedDateOf(date, against)}`;
  if (change === null) return `${heading}: nothing that can be compared`;
  const costs = `${toText(before ?? 0)} to ${toText(after ?? 0)} ${currency}`;
  const sums = [
    `${costs}, a change of ${toText(change)}`,
    // It is raw JSON, with all its digits.
    Number(JSON.stringify(unexplained)) === 0
      ? 'The records explain all of it'
      : `${toText(unexplained)} of it is explained by no records`,
  ];
  const rows = Array.from(answer.rows());
  const shown = rows.slice(0, limit);
  const parts = [[heading, ...sums].join('\n')];
  if (shown.length > 0) parts.push(formatTable(columnsOf(shown), shown));
  if (rows.length > shown.length) parts.push(`and ${rows.length - shown.length} more`);
  return parts.join('\n\n');
}

const amounts: readonly Column<Row>[] = [
  { heading: 'before', value: 'before', kind: 'number', spare: 1 },
  { heading: 'after', value: 'after', kind: 'number', spare: 1 },
  { heading: 'change', value: 'change', kind: 'number' },
];

/** Those of the level that the changes are split by. */
function columnsOf(rows: readonly Row[]): Column<Row>[] {
  const names: readonly Column<Row>[] = [
    {
      heading: 'Azure subscription',
      value: ({ azureSubscriptionName: name, azureSubscriptionId: id }) => name ?? id,
      kind: 'text',
    },
    { heading: 'resource group', value: 'resourceGroup', kind: 'text', spare: 3 },
    { heading: 'resource', value: 'resource', kind: 'text' },
    { heading: 'type', value: 'type', kind: 'text', spare: 2 },
  ];
  const isUsed = ({ value }: Column<Row>) =>
    rows.some((row) => (typeof value === 'string' ? row[value] : value(row)) !== undefined);
  return [...names.filter(isUsed), ...amounts];
}
