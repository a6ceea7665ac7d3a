import type { SimulatorAnswer } from '../../../src/simulator/exchange.ts';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../../src/simulator/simulatorOptions.ts';
import { type Body, bodyOf, headersOf, renew, TestClock } from './session.ts';

/** The answers to all that a client asks of a partner in a night, each asked for once. */
export interface Walk {
  signIns: SimulatorAnswer[];
  /** Of `customers`, page by page, until one is no page or there are too many. */
  list: SimulatorAnswer[];
  /** Of `customers/usagerecords`, in the same way. */
  records: SimulatorAnswer[];
  /** By customer id: subscriptions, their usage records, its summary, theirs. */
  customers: Map<string, SimulatedAnswers>;
  partner: SimulatorAnswer;
}

export interface SimulatedAnswers {
  subscriptions: SimulatorAnswer;
  records: SimulatorAnswer;
  summary: SimulatorAnswer;
  subscriptionSummaries: SimulatorAnswer[];
  /** Asks for the records of resources and meters: each kind, of each subscription or plan. */
  askDepth: () => SimulatorAnswer[];
}

export const recordNames = [
  'resourceusagerecords',
  'meterusagerecords',
  'usagerecords/resources',
] as const;

export const maxPages = 10;

/** Signs in, and reads lists, records and summaries of 40 customers. */
export function walk(options: SimulatorOptions): Walk {
  const simulator = createSimulator({ clock: new TestClock(), customers: 40, ...options });
  const signIns: SimulatorAnswer[] = [];
  do signIns.push(renew(simulator));
  while (signIns.at(-1)?.status !== 200);
  const { access_token } = bodyOf(signIns.at(-1) ?? { body: '' });
  const get = (path: string, headers = {}) => {
    const authorization = `Bearer ${access_token}`;
    return simulator.handle({ method: 'GET', path, headers: { authorization, ...headers } });
  };
  return {
    signIns,
    list: readList(get, '/v1/customers?size=500'),
    records: readList(get, '/v1/customers/usagerecords'),
    partner: get('/v1/usagesummary'),
    customers: new Map(
      [...simulator.customers()].map(({ id, subscriptions }) => [
        id,
        {
          subscriptions: get(`/v1/customers/${id}/subscriptions`),
          records: get(`/v1/customers/${id}/subscriptions/usagerecords`),
          summary: get(`/v1/customers/${id}/usagesummary`),
          subscriptionSummaries: subscriptions.map((each) =>
            get(`/v1/customers/${id}/subscriptions/${each.id}/usagesummary`),
          ),
          askDepth: () =>
            subscriptions.flatMap((each) =>
              recordNames.map((name) =>
                get(`/v1/customers/${id}/subscriptions/${each.id}/${name}`),
              ),
            ),
        },
      ]),
    ),
  };
}

type Get = (path: string, headers?: Record<string, string>) => SimulatorAnswer;

function readList(get: Get, path: string): SimulatorAnswer[] {
  const answers: SimulatorAnswer[] = [];
  let ask: (() => SimulatorAnswer) | undefined = () => get(path);
  while (ask && answers.length < maxPages) {
    const answer: SimulatorAnswer = ask();
    answers.push(answer);
    if (answer.status === 204) continue;
    const { links, continuationToken } = answer.status === 200 ? readBody(answer) : {};
    const next = links?.next;
    ask = undefined;
    if (next) ask = () => get(next.uri, headersOf(next));
    else if (continuationToken) {
      const headers = { 'ms-continuationtoken': continuationToken };
      ask = () => get(`${path}&seekOperation=Next`, headers);
    }
  }
  return answers;
}

/** The body of an answer, or an empty one where it cannot be read. */
export function readBody(answer: SimulatorAnswer): Partial<Body> {
  try {
    return bodyOf(answer);
  } catch {
    return {};
  }
}

/** All answers but those of the depth. */
export function answersOf(customer: SimulatedAnswers): SimulatorAnswer[] {
  const { subscriptions, records, summary, subscriptionSummaries } = customer;
  return [subscriptions, records, summary, ...subscriptionSummaries];
}

/** All answers of the API but those of the depth. */
export function allAnswers({ list, records, partner, customers }: Walk): SimulatorAnswer[] {
  return [...list, ...records, partner, ...[...customers.values()].flatMap(answersOf)];
}
