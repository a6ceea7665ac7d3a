import * as z from 'zod';
import { parseAmount } from '../usage/amount.ts';
import { billingPeriodOf } from '../usage/billingPeriod.ts';
import type { CostSnapshot } from '../usage/dailyCost.ts';
import { costCurrencyOf } from '../usage/ledgerRow.ts';
import type { RecordedCost } from '../usage/recordedCost.ts';
import type { Failure, UsageFigures } from '../usage/usageSnapshot.ts';
import { amount, currency, date, outcome, plan, timestamp, toJsonNumber } from './jsonKind.ts';
import type { ShapeOf } from './shapeOf.ts';

/** The cost of a day in an item of a customer or a subscription. */
export const costShape = {
  outcome,
  currency: currency.nullable(),
  plan: plan.nullable(),
  totalCost: amount('The billing period so far, in its currency; 0 without usage').nullable(),
};

/** Figures, in all items that show them. */
export type FiguresShape = ShapeOf<
  UsageFigures,
  | ('plan' | 'currency' | 'totalCost' | 'currencyCode' | 'currencyLocale')
  | ('billingStartDate' | 'billingEndDate' | 'lastModifiedDate')
>;
type FailureShape = ShapeOf<
  Failure,
  'phase' | 'status' | 'code' | 'message' | 'correlationId' | 'requestId'
>;

export const figuresShape = {
  usdTotalCost: amount('The total cost in USD').nullable(),
  budgetAmount: amount("The customer's spending budget").nullable(),
  percentUsed: z.number().meta({ description: 'Total cost in percent of the budget' }).nullable(),
} satisfies FiguresShape;

export const detailShape = {
  ...figuresShape,
  billingPeriodStart: date('First day').nullable(),
  billingPeriodEnd: date('The day after the last').nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  capturedAt: timestamp('When the row was recorded'),
} satisfies FailureShape;

type Snapshot = CostSnapshot & {
  cost?: RecordedCost;
  expectedCurrency?: string;
  capturedAt: string;
  failure?: Failure;
};

const costOfNoUsage = parseAmount('0');

export function toCost(snapshot: Snapshot) {
  const { figures, outcome } = snapshot;
  return {
    outcome,
    currency: costCurrencyOf(snapshot) ?? null,
    plan: figures?.plan ?? null,
    totalCost: toJsonNumber(
      figures?.totalCost ?? (outcome === 'noUsage' ? costOfNoUsage : undefined),
    ),
  };
}

export function toDetails({ figures, failure, capturedAt }: Snapshot) {
  const period = figures && billingPeriodOf(figures);
  return {
    usdTotalCost: toJsonNumber(figures?.usdTotalCost),
    budgetAmount: toJsonNumber(figures?.budgetAmount),
    percentUsed: figures?.percentUsed ?? null,
    billingPeriodStart: period?.start ?? null,
    billingPeriodEnd: period?.end ?? null,
    errorCode: failure?.code ?? null,
    errorMessage: failure?.message ?? null,
    capturedAt,
  };
}
