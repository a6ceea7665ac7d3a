import { errorAnswer, type SimulatorAnswer } from './exchange.ts';
import type { Faults } from './faults.ts';
import { Pieces } from './pieces.ts';
import { hash, pick, topics, unit } from './random.ts';

export type DisturbanceName = 'serverError' | 'reset' | 'stall' | 'truncate';

const names: readonly DisturbanceName[] = ['serverError', 'reset', 'stall', 'truncate'];

/** After so many disturbances a request id is answered normally. */
const maxPerRequest = 3;
/** Limit of remembered request ids; the oldest are forgotten. */
const maxRemembered = 10_000;

/** Decides which requests are disturbed. */
export interface Disturber {
  /** `serial` is the number of the request: the decision depends on it and the seed. */
  decide(requestId: string, serial: number, faults: Faults): DisturbanceName | undefined;
}

export function createDisturber(seed: number): Disturber {
  const metByRequest = new Map<string, number>();
  return {
    decide(requestId, serial, faults) {
      const met = metByRequest.get(requestId) ?? 0;
      const name = names.find(
        (each, place) => unit(seed, topics.fault, serial, place) < (faults[each]?.rate ?? 0),
      );
      if (name === undefined || met >= maxPerRequest) {
        metByRequest.delete(requestId);
        return undefined;
      }
      metByRequest.set(requestId, met + 1);
      if (metByRequest.size > maxRemembered) {
        const oldest = metByRequest.keys().next();
        if (!oldest.done) metByRequest.delete(oldest.value);
      }
      return name;
    },
  };
}

/** An error of the service or of a gateway before it, in one of the shapes such errors have. */
export function serverErrorAnswer(seed: number, serial: number): SimulatorAnswer {
  const draw = hash(seed, topics.fault, serial, names.length);
  const status = pick([500, 502, 503, 504], draw);
  const text = `The server answered ${status}.`;
  const headers = { 'content-type': 'text/plain' };
  return pick<() => SimulatorAnswer>(
    [
      () => errorAnswer(status, 800003, 'An unexpected service error occurred.'),
      () => ({ status, headers, body: text }),
      () => ({
        status,
        headers: { 'content-type': 'text/html' },
        body: `<html><head><title>${status}</title></head><body>${text}</body></html>`,
      }),
      () => ({ status, headers: {}, body: '' }),
    ],
    draw >>> 8,
  )();
}

/** Half of an answer: the connection ends in the middle of it, or the JSON does. */
export function truncateAnswer(answer: SimulatorAnswer, seed: number, serial: number) {
  const body = answer.body instanceof Pieces ? String(answer.body) : answer.body;
  if (body.length < 2) return answer;
  if (hash(seed, topics.fault, serial, names.length + 1) % 2 === 0) {
    return { ...answer, body, disruption: 'truncate' as const };
  }
  return { ...answer, body: body.slice(0, Math.floor(body.length / 2)) };
}

/** Whether the fault `slow` strikes a request. */
export function isSlow(seed: number, serial: number, { slow }: Faults): boolean {
  return slow !== undefined && unit(seed, topics.slow, serial) < slow.rate;
}
