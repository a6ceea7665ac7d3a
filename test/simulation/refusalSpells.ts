import { errorAnswer } from '../../src/simulator/exchange.ts';
import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import type { Route } from '../../src/simulator/route.ts';
import type { SentAnswer } from './deliveries.ts';
import type { Dice } from './dice.ts';
import type { Strike } from './sky.ts';

/** What a spell is made from. */
export interface SpellParts {
  dice: Dice;
  customers: readonly ExpectedCustomer[];
  /** Customers on a page. */
  pageSize: number;
  /** As many as the product asks for. */
  askedPageSize: number;
}

export type SpellMaker = (parts: SpellParts) => Strike | undefined;

const html = (status: number): SentAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>Gateway</title></head><body>Please sign in.</body></html>',
});

const denied = () =>
  errorAnswer(401, 400, 'Access denied.', { 'www-authenticate': 'Bearer error="invalid_token"' });
const lackingRight = () => errorAnswer(403, 1002, 'Authorization failed.');
const notFound = () => errorAnswer(404, 1000, 'Nothing is found.');

/** Everything that is asked of these customers is answered so. */
export function answerFor(ids: ReadonlySet<string>, answer: (id: string) => SentAnswer): Strike {
  return ({ route }) => {
    const id = route.customerId.toLowerCase();
    return ids.has(id) ? answer(id) : undefined;
  };
}

function answerForOne({ dice, customers }: SpellParts, answer: SentAnswer): Strike {
  return answerFor(new Set([dice.pick(customers).id]), () => answer);
}

/** The text of code 3000 tells an ended relationship from a lack of usage. */
export const noRelationship: SpellMaker = (parts) => {
  const text = 'The relationship between the partner and customer does not exist.';
  const answer = errorAnswer(parts.dice.pick([400, 404]), 3000, text);
  return answerForOne(parts, { ...answer, says: 'refused' });
};

/** A customer that the sign-in does not serve, while it serves all others. */
export const unauthorizedCustomer: SpellMaker = (parts) => {
  const forbidden = (code: number) => errorAnswer(403, code, 'Not with this sign-in.');
  const answer = parts.dice.pick([
    denied(),
    forbidden(900309),
    forbidden(800001),
    forbidden(90000),
  ]);
  return answerForOne(parts, { ...answer, says: 'failed' });
};

export const gone: SpellMaker = (parts) =>
  answerForOne(parts, errorAnswer(410, 1000, 'The customer is gone.'));

export const failure: SpellMaker = (parts) =>
  answerForOne(parts, errorAnswer(500, 800003, 'An unexpected service error occurred.'));

/** Up to a third of the list: a relationship ended, or the customer is gone. Half is an outage. */
export const thirdRefused: SpellMaker = ({ dice, customers }) => {
  const refused = customers.filter(() => dice.chance(1 / 3)).map(({ id }) => id);
  const ids = refused.slice(0, Math.floor(customers.length / 3));
  const isEnded = new Set(ids.filter(() => dice.chance(0.5)));
  const text = 'The partner has no commerce relationship with the customer.';
  return answerFor(new Set(ids), (id) =>
    isEnded.has(id) ? errorAnswer(403, 20002, text) : notFound(),
  );
};

/** All that is asked of customers is refused: the sign-in is not worth anything for a while. */
export const deadSignIn: SpellMaker = () => {
  const answer: SentAnswer = { ...denied(), says: 'failed' };
  return ({ route }) => (route.customerId === '' ? undefined : answer);
};

/** Of a customer whose usage there is, or of one without, in other words than the documented. */
export const rewordedNoUsage: SpellMaker = ({ dice, customers }) =>
  answerSummaries([dice.pick(customers)], pickRewording(dice));

/** Of all customers without usage, which is the truth. */
export const rewordedTruth: SpellMaker = ({ dice, customers }) =>
  answerSummaries(customers.filter(isWithoutUsage), pickRewording(dice));

const nothing: SentAnswer = { status: 204, headers: {}, body: '', says: 'noUsage' };

export const noContent: SpellMaker = ({ dice, customers }) =>
  answerSummaries([dice.pick(customers)], nothing);

/** Of all customers without usage, which is the truth. */
export const noContentTruth: SpellMaker = ({ customers }) =>
  answerSummaries(customers.filter(isWithoutUsage), nothing);

function pickRewording(dice: Dice): SentAnswer {
  const text = dice.pick([
    'No usage data was found for this customer.',
    'There is no usage in the current billing period.',
  ]);
  return { ...errorAnswer(dice.pick([400, 404]), 3000, text), says: 'noUsage' };
}

function isWithoutUsage({ kind }: ExpectedCustomer): boolean {
  return kind === 'licensesOnly';
}

function answerSummaries(customers: readonly ExpectedCustomer[], answer: SentAnswer): Strike {
  const ids = new Set(customers.map(({ id }) => id));
  return ({ route }) =>
    route.kind === 'customerSummary' && ids.has(route.customerId.toLowerCase())
      ? answer
      : undefined;
}

export function isSummaryOf({ kind, customerId }: Route, id: string): boolean {
  return kind === 'customerSummary' && customerId.toLowerCase() === id;
}

/** One answer of a kind that is seldom seen, and then the right one. */
export const oddStatus: SpellMaker = ({ dice, customers }) => {
  const customer = dice.pick(customers).id;
  const odd = [409, 423, 424, 425].map((status) => errorAnswer(status, 0, 'Not now.'));
  const answer: SentAnswer = { ...dice.pick([...odd, html(400)]), says: 'failed' };
  let isOver = false;
  return ({ route }) => {
    if (isOver || route.customerId.toLowerCase() !== customer) return undefined;
    isOver = true;
    return answer;
  };
};

export const refusedRecords: SpellMaker = ({ dice }) => {
  const noUsage = errorAnswer(400, 3000, 'Customer does not have usage data.');
  const answer = dice.pick([denied(), lackingRight(), notFound(), noUsage]);
  return ({ route }) => (route.kind === 'usageRecords' ? answer : undefined);
};

export const refusedPartnerSummary: SpellMaker = ({ dice }) => {
  const answer: SentAnswer = { ...dice.pick([denied(), lackingRight()]), says: 'failed' };
  return ({ route }) => (route.kind === 'partnerSummary' ? answer : undefined);
};

export const refusedLaterPage: SpellMaker = ({ dice, customers, pageSize }) => {
  if (customers.length <= pageSize) return undefined;
  const answer = dice.pick([denied(), lackingRight(), notFound(), html(200), html(400)]);
  return ({ route }) => (isLaterPage(route) ? answer : undefined);
};

/**
 * The answer that ends a list, in the middle of it: after a page with as many customers as were
 * asked for there are others. Once, or each time.
 */
export const falseEnd: SpellMaker = (parts) => endAfterFullPage(parts, parts.dice.chance(0.5));
export const lastingFalseEnd: SpellMaker = (parts) => endAfterFullPage(parts, false);

function endAfterFullPage(
  { customers, pageSize, askedPageSize }: SpellParts,
  isOnce: boolean,
): Strike | undefined {
  if (pageSize < askedPageSize || customers.length <= pageSize) return undefined;
  const answer = errorAnswer(400, 2000, 'The continuation token is not valid.');
  let isOver = false;
  return ({ route }) => {
    if (isOver || !isLaterPage(route)) return undefined;
    isOver = isOnce;
    return answer;
  };
}

function isLaterPage({ kind, query }: Route): boolean {
  return kind === 'customers' && query.get('seekOperation')?.toLowerCase() === 'next';
}
