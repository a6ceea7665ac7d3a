import * as z from 'zod';
import { readAnomalies } from '../history/anomalies.ts';
import type { AnomalyRow } from '../usage/ledgerRow.ts';
import { component } from './component.ts';
import { continuation, fromContinuation, toContinuation } from './continuation.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { currency, date, guid, text } from './parameterKind.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const anomalyItem = component(
  'AnomalyItem',
  z
    .object({
      date: json.date('The day of recording, UTC'),
      customerId: json.id,
      customerName: z.string(),
      currency: json.currency.nullable(),
      dailyCost: json.amount('What the day added').nullable(),
      expectedCost: json
        .amount(
          'What it was expected to add; null where an earlier version found it, or a later run of the day took it back',
        )
        .nullable(),
      delivered: z.boolean().meta({ description: 'Whether its event was logged' }),
      causes: json.causes,
    } satisfies ShapeOf<AnomalyRow, 'snapshotDate' | 'customerDomain' | 'isAnomalyDelivered'>)
    .meta({ description: 'A day whose cost was unlike what was expected of it' }),
);

function toAnomalyItem(row: AnomalyRow): z.infer<typeof anomalyItem> {
  return {
    date: row.snapshotDate,
    customerId: row.customerId,
    customerName: row.customerName,
    currency: row.currency ?? null,
    dailyCost: json.toJsonNumber(row.dailyCost),
    expectedCost: json.toJsonNumber(row.expectedCost),
    delivered: row.isAnomalyDelivered,
    causes: row.causes ?? null,
  };
}

const pageSize = 100;

const parameters = {
  from: date('First day; default: 30 days up to the last').optional(),
  to: date('Last day; default: today').optional(),
  customerId: guid('Only those of this customer').optional(),
  currency: currency('ISO 4217: only costs in it').optional(),
  search: text(100, 'A part of the name or the domain in any case, or of the id').optional(),
  continuation: continuation(
    'What the page before gave, with otherwise the same parameters',
  ).optional(),
  ...formatParameter,
};

export const anomaliesRoute: DataRoute<typeof parameters> = {
  name: 'listAnomalies',
  access: 'data',
  summary: 'Days whose cost was unlike what was expected, the newest first',
  description: `Each customer and day once, those of a day by customer id. A page of JSON has up to ${pageSize}; CSV and NDJSON have all of them.`,
  parameters,
  answer: component(
    'Anomalies',
    z.object({ items: z.array(anomalyItem), continuation: z.string().nullable() }),
  ),
  rows: [anomalyItem],
  async handle({ continuation: given, format, ...query }, context) {
    const { from, to, customerId, currency, search } = query;
    const terms = ['anomalies', from, to, customerId, currency, search];
    const before = given && fromContinuation(given, terms);
    const { rows, next } = await readAnomalies(
      {
        ...query,
        ...(before && { after: { date: before.date, customerId: before.after.id } }),
        top: format === 'json' ? pageSize : undefined,
      },
      context,
    );
    const following =
      next && toContinuation({ id: next.customerId, currencies: [] }, next.date, terms);
    return {
      document: () => ({ items: rows.map(toAnomalyItem), continuation: following ?? null }),
      rows: () => rows.values().map(toAnomalyItem),
      columns: columnsOf(anomalyItem),
      fileName: 'anomalies',
      continuation: following,
    };
  },
};
