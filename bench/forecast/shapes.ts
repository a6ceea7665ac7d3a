import { addDays, daysBetween } from '../../src/usage/date.ts';

import { createDraws, type Draws } from './random.ts';

/** How a generated customer spends. */
export type Shape =
  | 'steady'
  | 'weekday rhythm'
  | 'growth'
  | 'step'
  | 'spike'
  | 'bursty'
  | 'new customer'
  | 'month-start gap';

export const shapes: readonly Shape[] = [
  'steady',
  'weekday rhythm',
  'growth',
  'step',
  'spike',
  'bursty',
  'new customer',
  'month-start gap',
];

/** A customer's use over some months, of which the last one is to be forecast. */
export interface SpendCase {
  shape: Shape;
  /** First day of use. */
  from: string;
  /** First day of the month to be forecast, and of the month after it. */
  start: string;
  end: string;
  /** Cost of each day of use from `from` to the day before `end`. */
  costs: number[];
  /** Days of a month on which its figures have not come yet; 0 without a gap. */
  gapDays: number;
  /** Index of the first unforeseeable day: a step, a spike. */
  surpriseAt?: number;
}

const historyMonths = 3;
/** When a step or spike comes, in days from the start of the month to be forecast. */
const surpriseDays = [-10, 20] as const;

/** A case of a shape, determined by its seed. */
export function createSpendCase(shape: Shape, seed: number): SpendCase {
  const draws = createDraws(shapes.indexOf(shape) * 1_000_003 + seed);
  const start = `${2024 + draws.integer(0, 2)}-${String(draws.integer(1, 12)).padStart(2, '0')}-01`;
  const end = nextMonth(start);
  const from =
    shape === 'new customer'
      ? addDays(start, draws.integer(0, 11))
      : monthsBefore(start, historyMonths);
  const length = daysBetween(from, end);
  const { surpriseAt, factorOf } = createRhythm(shape, draws, daysBetween(from, start), length);
  const costOf = createCost(shape, draws, factorOf);
  const firstDay = daysBetween('1970-01-01', from);
  const costs = Array.from({ length }, (_, index) =>
    Math.round(costOf(index, firstDay + index) * 1e6),
  );
  return {
    shape,
    from,
    start,
    end,
    costs: costs.map((millionths) => millionths / 1e6),
    gapDays: shape === 'month-start gap' ? draws.integer(3, 7) : 0,
    ...(surpriseAt !== undefined && { surpriseAt }),
  };
}

/** Cost of the day of an index since the first one, and of a number since 1970. */
type Cost = (index: number, day: number) => number;

function createCost(shape: Shape, draws: Draws, factorOf: (index: number) => number): Cost {
  const base = Math.exp(draws.between(0, 7));
  const noise = draws.between(0.03, 0.15);
  // Most customers rest a little at weekends; those of the rhythm rest a lot.
  const weekend = shape === 'weekday rhythm' ? draws.between(0.1, 0.5) : draws.between(0.75, 1);
  return (index, day) => {
    const isWeekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6;
    const level = base * (isWeekend ? weekend : 1) * factorOf(index);
    return Math.max(0, level * (1 + noise * draws.normal()));
  };
}

/** The cost of a day by its shape. */
function createRhythm(
  shape: Shape,
  draws: Draws,
  monthAt: number,
  length: number,
): { factorOf: (index: number) => number; surpriseAt?: number } {
  switch (shape) {
    case 'growth': {
      // From a fall by a fifth to a rise by a half in a month.
      const monthly = draws.between(-0.2, 0.5);
      return { factorOf: (index) => (1 + monthly) ** (index / 30) };
    }
    case 'step': {
      const at = monthAt + draws.integer(...surpriseDays);
      const after = draws.unit() < 0.6 ? draws.between(1.5, 4) : draws.between(0.1, 0.6);
      return { factorOf: (index) => (index < at ? 1 : after), surpriseAt: at };
    }
    case 'spike': {
      const at = monthAt + draws.integer(...surpriseDays);
      const last = at + draws.integer(0, 1);
      const height = draws.between(4, 12);
      return { factorOf: (index) => (index >= at && index <= last ? height : 1), surpriseAt: at };
    }
    case 'bursty': {
      const share = draws.between(0.05, 0.12);
      const height = draws.between(3, 10);
      const isBurst = Array.from({ length }, () => draws.unit() < share);
      return { factorOf: (index) => (isBurst[index] ? height : 1) };
    }
    default:
      return { factorOf: () => 1 };
  }
}

function nextMonth(firstDay: string): string {
  return `${addDays(firstDay, 31).slice(0, 7)}-01`;
}

function monthsBefore(firstDay: string, months: number): string {
  let date = firstDay;
  for (let month = 0; month < months; month++) date = `${addDays(date, -1).slice(0, 7)}-01`;
  return date;
}
