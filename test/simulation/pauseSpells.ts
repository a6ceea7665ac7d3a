import { errorAnswer, throttledAnswer } from '../../src/simulator/exchange.ts';
import type { SentAnswer } from './deliveries.ts';
import { isSummaryOf, type SpellMaker } from './refusalSpells.ts';
import type { Strike } from './sky.ts';

const hourSeconds = 3_600;

/** A pause for everybody that is longer than any run. */
export const longPause: SpellMaker = ({ dice, customers }) => {
  const customer = dice.pick(customers).id;
  const answer = throttledAnswer(dice.int(2, 6) * hourSeconds);
  let isOver = false;
  return ({ route }) => {
    if (isOver || !isSummaryOf(route, customer)) return undefined;
    isOver = true;
    return answer;
  };
};

/** A customer that is out of order, and says for how long. */
export const longServerError: SpellMaker = ({ dice, customers }) => {
  const customer = dice.pick(customers).id;
  const headers = { 'retry-after': String(dice.int(1, 6) * hourSeconds) };
  const answer = errorAnswer(dice.pick([500, 503]), 800003, 'Come back later.', headers);
  return ({ route }) => (isSummaryOf(route, customer) ? answer : undefined);
};

const skewMs = 5 * 60_000;

/** A pause until a time of the server's clock, which is another than the process's. */
export const datedPause: SpellMaker = ({ dice, customers }) => {
  const aheadMs = dice.pick([-skewMs, skewMs]);
  const pauseMs = dice.int(2, 40) * 1000;
  const status = dice.pick([429, 503]);
  const rate = dice.pick([0.05, 0.5]);
  const asked = new Set(customers.filter(() => dice.chance(rate)).map(({ id }) => id));
  return oncePerRequest(asked, (nowMs) => {
    const serverNowMs = Math.ceil((nowMs + aheadMs) / 1000) * 1000;
    const headers = {
      date: new Date(serverNowMs).toUTCString(),
      'retry-after': new Date(serverNowMs + pauseMs).toUTCString(),
    };
    return errorAnswer(status, 800003, 'Come back then.', headers);
  });
};

/** A pause in milliseconds, as some services in front of an API name it. */
export const pauseInMilliseconds: SpellMaker = ({ dice, customers }) => {
  const header = dice.pick(['retry-after-ms', 'x-ms-retry-after-ms']);
  const headers = { [header]: String(dice.int(500, 9_000)) };
  const answer = errorAnswer(dice.pick([429, 503]), 800003, 'Come back soon.', headers);
  const rate = dice.pick([0.05, 0.5]);
  const asked = new Set(customers.filter(() => dice.chance(rate)).map(({ id }) => id));
  return oncePerRequest(asked, () => answer);
};

/** Each request for one of these customers' summaries is sent away once. */
function oncePerRequest(
  customers: ReadonlySet<string>,
  answerAt: (nowMs: number) => SentAnswer,
): Strike {
  const sentAway = new Set<string>();
  return ({ route, headers, nowMs }) => {
    const requestId = headers['ms-requestid'] ?? '';
    const isAsked = isSummaryOf(route, route.customerId.toLowerCase());
    if (!isAsked || !customers.has(route.customerId.toLowerCase())) return undefined;
    if (sentAway.has(requestId)) return undefined;
    sentAway.add(requestId);
    return answerAt(nowMs);
  };
}
