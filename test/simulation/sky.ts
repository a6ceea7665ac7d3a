import type { SimulatorAnswer } from '../../src/simulator/exchange.ts';
import type { Route } from '../../src/simulator/route.ts';
import type { SentAnswer } from './deliveries.ts';
import type { Trace } from './trace.ts';
import type { WeatherKind } from './weatherKinds.ts';

/** A request, as the weather sees it. */
export interface Asked {
  route: Route;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  nowMs: number;
}

/** The answer in place of the simulator's; `undefined` leaves that as it is. */
export type Strike = (asked: Asked, answer: SentAnswer) => SentAnswer | undefined;

/** Something that happens to answers on their way. */
export interface Spell {
  kind: WeatherKind;
  strike: Strike;
}

/** A spell that is there through all dates of a night. */
export interface LastingSpell extends Spell {
  /** Customers that Partner Center serves nothing of. */
  unserved: ReadonlySet<string>;
  /**
   * Whether a date cannot be whole: somebody is neither served nor refused for certain.
   *
   * @param calmDatesBefore so many dates in a row, up to the day before, ended without other trouble
   */
  isInTheWay: (calmDatesBefore: number) => boolean;
}

/** What becomes of the simulator's answers between it and a process. */
export class Sky {
  /** Until the weather changes. */
  passing: Spell[] = [];
  /** Each for a date of its own. */
  readonly daily: Spell[] = [];
  readonly lasting: LastingSpell[] = [];
  readonly #trace: Trace;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  change(asked: Asked, answer: SimulatorAnswer): SentAnswer {
    const headers = { date: new Date(asked.nowMs).toUTCString(), ...answer.headers };
    let sent: SentAnswer = { ...answer, headers };
    // What does not arrive, or not whole, can say nothing.
    if (answer.disruption) return sent;
    for (const { kind, strike } of [...this.daily, ...this.passing, ...this.lasting]) {
      const struck = strike(asked, sent);
      if (!struck) continue;
      sent = { ...struck, headers: { ...headers, ...struck.headers } };
      this.#trace.count(`weather.${kind}`);
    }
    return sent;
  }
}
