import { type CustomersQuery, listCustomers } from '../history/customers.ts';
import { costCurrencyOf, type RankedRow } from '../usage/ledgerRow.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';

export type CustomersOptions = CustomersQuery & { json?: boolean };

/** The customers of a day, with what names them, and why any failed or was refused. */
export async function customers({ json, ...query }: CustomersOptions): Promise<ExitCode> {
  const { date, isWhole, rows } = await listCustomers(query, openRecordedHistory());
  if (json) printJson({ date, complete: isWhole, items: rows.map(toItem) });
  else if (rows.length === 0) print(`no such customers on ${date}`);
  else print(describeCustomers(rows));
  return exitCodes.done;
}

export function describeCustomers(rows: readonly RankedRow[]): string {
  const [name, id] = customerColumns;
  const columns: Column<RankedRow>[] = [
    name,
    { heading: 'domain', value: 'customerDomain', kind: 'text', spare: 1 },
    id,
    { heading: 'currency', value: costCurrencyOf },
    { heading: 'outcome', value: 'outcome' },
    { heading: 'reason', value: ({ failure }) => failure?.message, kind: 'text' },
  ];
  return formatTable(columns, rows);
}

function toItem(row: RankedRow) {
  return {
    customerId: row.customerId,
    customerName: row.customerName,
    customerDomain: row.customerDomain ?? null,
    outcome: row.outcome,
    currency: costCurrencyOf(row) ?? null,
    errorCode: row.failure?.code ?? null,
    errorMessage: row.failure?.message ?? null,
  };
}
