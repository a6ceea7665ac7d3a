import * as z from 'zod';
import { rankCustomers } from '../history/ranking.ts';
import type { RankedRow } from '../usage/ledgerRow.ts';
import type { Failure } from '../usage/usageSnapshot.ts';
import { component } from './component.ts';
import { continuation, fromContinuation, toContinuation } from './continuation.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { date, oneOf, wholeNumber } from './parameterKind.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const outcomes = ['failed', 'refused'] as const;

const failureItem = component(
  'FailureItem',
  z
    .object({
      customerId: json.id,
      customerName: z.string(),
      outcome: z.enum(outcomes),
      phase: z.string().nullable().meta({ description: 'The step that failed' }),
      status: json.count('Of HTTP; null where no answer came').nullable(),
      code: z.string().nullable(),
      message: z.string().nullable(),
      correlationId: z
        .string()
        .nullable()
        .meta({ description: 'Of Partner Center, for a support case' }),
      requestId: z.string().nullable(),
      capturedAt: json.timestamp('When the row was recorded'),
    } satisfies ShapeOf<Failure>)
    .meta({ description: 'A customer without figures on a day, and why' }),
);

function toFailureItem(
  { customerId, customerName, failure, capturedAt }: RankedRow,
  outcome: (typeof outcomes)[number],
): z.infer<typeof failureItem> {
  return {
    customerId,
    customerName,
    outcome,
    phase: failure?.phase ?? null,
    status: failure?.status ?? null,
    code: failure?.code ?? null,
    message: failure?.message ?? null,
    correlationId: failure?.correlationId ?? null,
    requestId: failure?.requestId ?? null,
    capturedAt,
  };
}

const defaultTop = 100;

const parameters = {
  date: date('Default: the latest day with a complete run').optional(),
  outcome: oneOf(outcomes, { description: 'What came of them', default: 'failed' }).optional(),
  top: wholeNumber(1, 1000, {
    description: `Customers of a page; default ${defaultTop}, and all in CSV and NDJSON`,
  }).optional(),
  continuation: continuation(
    'What the page before gave, with otherwise the same parameters: all pages are of one day',
  ).optional(),
  ...formatParameter,
};

export const failuresRoute: DataRoute<typeof parameters> = {
  name: 'listFailures',
  access: 'data',
  summary: 'The customers that failed or were refused on a day, and why',
  description: 'As the last run of the day left them: who was served later is not among them.',
  parameters,
  answer: component(
    'Failures',
    z.object({
      date: json.date('The day of recording, UTC'),
      items: z.array(failureItem),
      continuation: z.string().nullable(),
    }),
  ),
  rows: [failureItem],
  async handle({ continuation: before, format, top, date: asked, outcome = 'failed' }, context) {
    const terms = ['failures', outcome];
    const { date, rows, next } = await rankCustomers(
      {
        date: asked,
        outcome,
        orderBy: 'totalCost',
        ...(before !== undefined && fromContinuation(before, terms, asked)),
        top: top ?? (format === 'json' ? defaultTop : undefined),
      },
      context,
    );
    const toItem = (row: RankedRow) => toFailureItem(row, outcome);
    const following = next && toContinuation(next, date, terms);
    return {
      document: () => ({ date, items: rows.map(toItem), continuation: following ?? null }),
      rows: () => rows.values().map(toItem),
      columns: columnsOf(failureItem),
      fileName: `failures-${date}`,
      continuation: following,
    };
  },
};
