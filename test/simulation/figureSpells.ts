import Big from 'big.js';
import { errorAnswer } from '../../src/simulator/exchange.ts';
import type { SentAnswer } from './deliveries.ts';
import { isSummaryOf, type SpellMaker, type SpellParts } from './refusalSpells.ts';
import { type FieldName, isObject, Literal, readJson, resourceOf } from './showing.ts';
import type { Asked, Strike } from './sky.ts';

type Body = Record<string, unknown>;

/** A summary's body with something changed, and the fields that say no longer what they should. */
interface Change {
  body: Body;
  spoiled?: readonly FieldName[];
}

/** Dates that are none of a billing period, or are not written as documented. */
export const strangeDates: SpellMaker = (parts) => {
  const usa = (date: string) => date.replace(/^(\d{4})-0?(\d+)-0?(\d+).*/, '$2/$3/$1 12:00:00 AM');
  const write = parts.dice.pick<(start: string, end: string) => [unknown, unknown]>([
    () => ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    () => ['0001-01-01T00:00:00', '9999-12-31T00:00:00'],
    (start) => [start, '9999-12-31T23:59:59Z'],
    () => [null, null],
    (start) => [start, null],
    (start, end) => [usa(start), usa(end)],
    (start, end) => [start.replace('T', ' '), end.replace('T', ' ')],
  ]);
  return changeSummaries(parts, (body) => {
    const [billingStartDate, billingEndDate] = write(
      String(body['billingStartDate']),
      String(body['billingEndDate']),
    );
    const spoiled = ['billingStartDate', 'billingEndDate'] as const;
    return { body: { ...body, billingStartDate, billingEndDate }, spoiled };
  });
};

export const strangeUsdCost: SpellMaker = (parts) => {
  const usdTotalCost = parts.dice.pick(['', 'NaN']);
  return changeSummaries(parts, (body) => ({
    body: { ...body, usdTotalCost },
    spoiled: ['usdTotalCost'],
  }));
};

export const strangeBudget: SpellMaker = (parts) => {
  const budget = parts.dice.pick([
    new Literal('500'),
    { amount: '' },
    { amount: new Literal('999999999999999999999') },
  ]);
  return changeSummaries(parts, (body) =>
    'budget' in body ? { body: { ...body, budget }, spoiled: ['budgetAmount'] } : undefined,
  );
};

export const noLastModified: SpellMaker = (parts) =>
  changeSummaries(parts, (body) => ({ body: { ...body, lastModifiedDate: null } }));

/** Of a legacy customer, whose locale tells the currency. */
export const emptyCurrencyCode: SpellMaker = (parts) =>
  changeSummaries(parts, (body) =>
    'currencyLocale' in body
      ? { body: { ...body, currencyCode: '' }, spoiled: ['currencyCode'] }
      : undefined,
  );

export const pascalCase: SpellMaker = (parts) =>
  changeSummaries(parts, (body) => ({ body: withCapitals(body) as Body }));

/** In summaries, and in the lists of usage records. */
export const noNames: SpellMaker = (parts) => {
  const nameless = (body: Body) => ({ ...body, resourceName: null, name: null });
  const inSummaries = changeSummaries(parts, (body) => ({ body: nameless(body) }));
  return (asked, answer) => {
    const { kind } = asked.route;
    const isList = kind === 'usageRecords' || kind === 'subscriptionUsageRecords';
    if (!isList) return inSummaries(asked, answer);
    return changeItems(answer, (items) => items.map(nameless));
  };
};

/**
 * Two usage records of one customer, one of them without a cost, in either order: the other one
 * speaks against a summary that says "no usage".
 */
export const twoRecords: SpellMaker = ({ dice, customers }) => {
  const customer = dice.pick(customers).id;
  const isZeroFirst = dice.chance(0.5);
  const isDenied = dice.chance(0.5);
  const noUsage = errorAnswer(404, 3000, 'Customer does not have usage data.');
  return ({ route }, answer) => {
    if (isDenied && isSummaryOf(route, customer)) return noUsage;
    if (route.kind !== 'usageRecords') return undefined;
    return changeItems(answer, (items) =>
      items.flatMap((item) => {
        if (String(item['id']).toLowerCase() !== customer) return [item];
        const zero = { ...item, totalCost: new Literal('0') };
        return isZeroFirst ? [zero, item] : [item, zero];
      }),
    );
  };
};

/** Costs that come in the course of a date: what was read before is not the last of it. */
export function createLateFigures(date: string, hour: number, amount: string): Strike {
  const fromMs = Date.parse(date) + hour * 3_600_000;
  const untilMs = Date.parse(date) + 24 * 3_600_000;
  return (asked, answer) => {
    if (asked.nowMs < fromMs || asked.nowMs >= untilMs) return undefined;
    return changeSummary(asked, answer, (body) => {
      const { totalCost } = body;
      if (!(totalCost instanceof Literal) || Number(totalCost.text) === 0) return undefined;
      const later = new Literal(new Big(totalCost.text).plus(amount).toFixed());
      return { body: { ...body, totalCost: later } };
    });
  };
}

/** The summaries of one customer and of its subscriptions, or of many and of the partner. */
function changeSummaries(
  { dice, customers }: SpellParts,
  change: (body: Body) => Change | undefined,
): Strike {
  const isOne = dice.chance(0.5);
  const one = dice.pick(customers).id;
  const rate = dice.pick([0.3, 1]);
  const many = new Set(customers.filter(() => dice.chance(rate)).map(({ id }) => id));
  return (asked, answer) => {
    const id = asked.route.customerId.toLowerCase();
    if (isOne ? id !== one : id !== '' && !many.has(id)) return undefined;
    return changeSummary(asked, answer, change);
  };
}

function changeSummary(
  { route }: Asked,
  answer: SentAnswer,
  change: (body: Body) => Change | undefined,
): SentAnswer | undefined {
  if (answer.status !== 200 || !resourceOf(route)) return undefined;
  const body = readJson(String(answer.body));
  const changed = isObject(body) && 'totalCost' in body ? change(body) : undefined;
  if (!changed) return undefined;
  const spoiled = [...(answer.spoiled ?? []), ...(changed.spoiled ?? [])];
  return { ...answer, body: writeJson(changed.body), spoiled };
}

function changeItems(answer: SentAnswer, change: (items: Body[]) => Body[]) {
  const body = answer.status === 200 ? readJson(String(answer.body)) : undefined;
  if (!isObject(body) || !Array.isArray(body['items'])) return undefined;
  return { ...answer, body: writeJson({ ...body, items: change(body['items']) }) };
}

function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each instanceof Literal ? JSON.rawJSON(each.text) : each,
  );
}

function withCapitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCapitals);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    name.charAt(0).toUpperCase() + name.slice(1),
    withCapitals(each),
  ]);
  return Object.fromEntries(entries);
}
