import { fromParts, type Scaled } from './decimal.ts';
import { hash, topics } from './random.ts';
import { millionthsOfDay, ordinaryCost, type Spend } from './spend.ts';

/** What the cost of a subscription or plan is divided among: resources or meters. */
export interface Part {
  /** Its cost in proportion to that of the others. */
  spend: Spend;
  /** The days on which it exists, both included. */
  firstDay: number;
  lastDay: number;
}

/** Computed on demand and never stored. The part at 0 exists on every day. */
export interface Parts<P extends Part> {
  count: number;
  at(place: number): P;
}

export interface Share<P extends Part> {
  part: P;
  place: number;
  cost: Scaled;
}

export interface Shares<P extends Part> {
  /** Of the parts that have existed so far. */
  count: number;
  [Symbol.iterator](): Iterator<Share<P>>;
}

/**
 * Divides the cost of days among parts. The shares add up to the total exactly: the part at 0 comes
 * last and takes the digits that are left. No other share ever shrinks from one day to the next.
 */
export function divideCost<P extends Part>(
  spend: Spend,
  total: { firstDay: number; lastDay: number; totalCost: Scaled },
  parts: Parts<P>,
): Shares<P> {
  const { firstDay, lastDay, totalCost } = total;
  if (lastDay < firstDay) return { count: 0, *[Symbol.iterator]() {} };
  const weights = new Float64Array(lastDay - firstDay + 1);
  let count = 0;
  for (let place = 0; place < parts.count; place++) {
    const part = parts.at(place);
    if (part.firstDay > lastDay) continue;
    count += 1;
    for (let day = firstDay; day <= lastDay; day++) {
      weights[day - firstDay] = (weights[day - firstDay] ?? 0) + weightOf(part, day);
    }
  }
  const surpluses = new Map<number, number>();
  const perWeight = weights.map((weight, at) => {
    const { ordinary, surplus } = millionthsOfDay(spend, firstDay + at);
    if (surplus > 0) {
      const place = placeBehindSurplus(spend, firstDay + at, parts);
      surpluses.set(place, (surpluses.get(place) ?? 0) + surplus);
    }
    return ordinary / weight;
  });
  return {
    count,
    *[Symbol.iterator]() {
      let rest = totalCost;
      for (let place = 1; place < parts.count; place++) {
        const part = parts.at(place);
        if (part.firstDay > lastDay) continue;
        let millionths = 0;
        for (let day = firstDay; day <= lastDay; day++) {
          millionths += weightOf(part, day) * (perWeight[day - firstDay] ?? 0);
        }
        const cost = toScaled(millionths + (surpluses.get(place) ?? 0));
        rest -= cost;
        yield { part, place, cost };
      }
      yield { part: parts.at(0), place: 0, cost: rest };
    },
  };
}

/**
 * The place of the part that carries the whole surplus of a day with a burst or spike; the same for
 * all days of a burst.
 */
export function placeBehindSurplus(spend: Spend, day: number, parts: Parts<Part>): number {
  const others = parts.count - 1;
  const start = hash(spend.key, topics.surplus, Math.floor((day + spend.key) / 30));
  for (let turn = 0; turn < others; turn++) {
    const place = 1 + ((start + turn) % others);
    if (exists(parts.at(place), day)) return place;
  }
  return 0;
}

function exists({ firstDay, lastDay }: Part, day: number): boolean {
  return day >= firstDay && day <= lastDay;
}

function weightOf(part: Part, day: number): number {
  return exists(part, day) ? ordinaryCost(part.spend, day) : 0;
}

function toScaled(millionths: number): Scaled {
  const whole = Math.floor(millionths);
  return fromParts(whole, Math.floor((millionths - whole) * 1e14));
}
