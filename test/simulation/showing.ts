import type { Route } from '../../src/simulator/route.ts';

/** Whose figures a summary shows: the partner's, a customer's, or a subscription's or plan's. */
export interface Resource {
  /** `partner`, a customer's id, or both ids with `|` between; lower case. */
  key: string;
  /** Where its rows are in `UsageByCustomer`: the partition, and the row key before the date. */
  partitionKey: string;
  rowPrefix: string;
}

/** Fields of a summary by the API's own names, numbers as their literals; absent ones are absent. */
export type SummaryFields = Partial<Record<FieldName, string>>;

const fieldNames = [
  'totalCost',
  'usdTotalCost',
  'currencyCode',
  'currencyLocale',
  'billingStartDate',
  'billingEndDate',
  'lastModifiedDate',
  'budgetAmount',
] as const;
export type FieldName = (typeof fieldNames)[number];

/** One summary with figures, as it came whole to a process. */
export interface Showing {
  resource: Resource;
  /** The run that asked, and its date, `yyyy-MM-dd`. */
  runId: string;
  date: string;
  /** When it was here. */
  atMs: number;
  fields: SummaryFields;
  totalCost: string;
  /** Fields that do not say what the documentation says: whether they are kept is left open. */
  spoiled: readonly FieldName[];
  /** The first day of its billing period by the dates as sent; absent where these are spoiled. */
  period?: string;
}

export function resourceOf({ kind, customerId, subscriptionId }: Route): Resource | undefined {
  const id = customerId.toLowerCase();
  switch (kind) {
    case 'partnerSummary':
      return { key: 'partner', partitionKey: 'partner', rowPrefix: 'partner|' };
    case 'customerSummary':
      return { key: id, partitionKey: id, rowPrefix: 'customer|' };
    case 'subscriptionSummary': {
      const own = subscriptionId.toLowerCase();
      return { key: `${id}|${own}`, partitionKey: id, rowPrefix: `subscription|${own}|` };
    }
    default:
      return undefined;
  }
}

/** The fields of a summary's text; `undefined` where it is cut off, or names no cost. */
export function readSummary(text: string): SummaryFields | undefined {
  const body = readJson(text);
  if (!isObject(body)) return undefined;
  const named = byName(body);
  const budget = isObject(named['budget']) ? byName(named['budget']) : {};
  const values = { ...named, budgetAmount: budget['amount'] ?? budget['ammount'] };
  const fields: SummaryFields = {};
  for (const name of fieldNames) {
    const value: unknown = (values as Record<string, unknown>)[name];
    if (value instanceof Literal) fields[name] = value.text;
    else if (typeof value === 'string') fields[name] = value;
  }
  return named['totalCost'] instanceof Literal ? fields : undefined;
}

/** The first day of the billing period: the local date part of its start. */
export function periodOf(billingStartDate: unknown): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})([T ]|$)/.exec(String(billingStartDate));
  return match?.[1];
}

/** A number of a JSON text, as it stood there. */
export class Literal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON with every number as it stood; `undefined` where the text is none. */
export function readJson(text: string): unknown {
  return orNothing(() =>
    JSON.parse(withoutMark(text), (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined ? new Literal(source) : value,
    ),
  );
}

/** JSON whose digits do not matter; `undefined` where the text is none. */
export function readRoughJson(text: string): unknown {
  return orNothing(() => JSON.parse(withoutMark(text)));
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** A text that is cut off on its way is no JSON, nor is a page of a gateway. */
function orNothing(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Literal);
}

/** By the names of the documentation, which begin in lower case. */
export function byName(body: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(body).map(([name, value]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    value,
  ]);
  return Object.fromEntries(entries);
}
