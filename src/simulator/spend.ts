import { fromParts, type Scaled } from './decimal.ts';
import { hash, pick, topics, unit } from './random.ts';

/** Parameters of a subscription's cost, which is a pure function of them and the day. */
export interface Spend {
  /** Seed of the random values. */
  key: number;
  /** Cost of an ordinary working day at the reference day, in the billing currency. */
  dailyBase: number;
  /** Part of it that is spent on Saturdays and Sundays. */
  weekendShare: number;
  /** Growth of the cost in a year, as a part of it; may be negative. */
  yearlyGrowth: number;
  /** Each day is up to this part above or below. */
  noise: number;
  isBursty: boolean;
  /** Whether one day in each 25 costs six times as much. */
  hasSpikes?: boolean;
  digits: 'all' | 'six' | 'float';
}

/** 2026-01-01, from which growth counts. */
const referenceDay = 20_454;

export function createSpend(
  key: number,
  traits: { isBursty?: boolean | undefined; isIdle?: boolean | undefined },
): Spend {
  const size = unit(key, topics.spend);
  return {
    key,
    // Cubed, so that many are small and a few are large.
    dailyBase: traits.isIdle ? 0 : Math.round((0.5 + 900 * size * size * size) * 100) / 100,
    weekendShare: 0.4 + 0.5 * unit(key, topics.spend, 1),
    yearlyGrowth: -0.2 + 0.8 * unit(key, topics.spend, 2),
    noise: 0.15 * unit(key, topics.spend, 3),
    isBursty: traits.isBursty === true,
    digits: pick(['all', 'six', 'float'] as const, hash(key, topics.spend, 4)),
  };
}

/** An ordinary day's cost relative to `dailyBase`: without bursts and spikes. */
function ordinaryFactor(spend: Spend, day: number): number {
  const weekday = (day + 4) % 7;
  const rhythm = weekday === 0 || weekday === 6 ? spend.weekendShare : 1;
  const growth = 1 + (spend.yearlyGrowth * (day - referenceDay)) / 365;
  const noise = 1 + spend.noise * (2 * unit(spend.key, topics.noise, day) - 1);
  return rhythm * Math.min(5, Math.max(0.2, growth)) * noise;
}

/** How many times an ordinary day's cost a day has. */
function surplusFactor(spend: Spend, day: number): number {
  // Two days in thirty, so that some weeks of a demo contain a burst.
  const burst = spend.isBursty && (day + spend.key) % 30 < 2 ? 8 : 1;
  const spike = spend.hasSpikes && isSpike(spend.key, day) ? 6 : 1;
  return burst * spike;
}

/** Cost of one day in millionths, and the digits after them in units of 10^-20. */
function costParts(
  spend: Spend,
  day: number,
  surplus = surplusFactor(spend, day),
): { millionths: number; tail: number } {
  const millionths = Math.round(spend.dailyBase * (ordinaryFactor(spend, day) * surplus) * 1e6);
  const draw = unit(spend.key, topics.digits, day);
  if (millionths === 0 || spend.digits === 'six') return { millionths, tail: 0 };
  if (spend.digits === 'all') return { millionths, tail: Math.floor(draw * 1e14) };
  // Digits of a decimal that was converted through a double: …9999995904716 (slightly too low).
  return { millionths: Math.ceil(millionths / 100) * 100, tail: -1 - Math.floor(draw * 1e7) };
}

/** Cost of one day without bursts and spikes, not rounded. */
export function ordinaryCost(spend: Spend, day: number): number {
  return spend.dailyBase * ordinaryFactor(spend, day);
}

/** Cost of one day in millionths, and how much of it is due to a burst or spike. */
export function millionthsOfDay(spend: Spend, day: number): { ordinary: number; surplus: number } {
  const ordinary = costParts(spend, day, 1).millionths;
  return { ordinary, surplus: costParts(spend, day).millionths - ordinary };
}

function isSpike(key: number, day: number): boolean {
  return day % 25 === hash(key, topics.costSpikes, Math.floor(day / 25)) % 25;
}

export function costOfDay(spend: Spend, day: number): Scaled {
  const { millionths, tail } = costParts(spend, day);
  return fromParts(millionths, tail);
}

/**
 * Exact sum over the days from first to last, both included. The parts are added as numbers, which
 * is fast and exact below 2^53 for up to 31 days: one answer sums 100,000 customers.
 */
export function costOfDays(spend: Spend, firstDay: number, lastDay: number): Scaled {
  if (lastDay - firstDay > 40) throw new RangeError('a billing period has 31 days at most');
  let millionths = 0;
  let tail = 0;
  for (let day = firstDay; day <= lastDay; day++) {
    const parts = costParts(spend, day);
    millionths += parts.millionths;
    tail += parts.tail;
  }
  return fromParts(millionths, tail);
}
