/** The level of a series of daily values at its end, and its trend. */
export interface Level {
  /** On the last day. */
  value: number;
  /** Change from day to day; 0 without a trend. */
  slope: number;
  /** Possible error of the slope: a slow trend can hide in noise, and a trend can end. */
  slopeError: number;
  /** Standard deviation of the days around the level. */
  deviation: number;
  /** Number of days that the value is estimated from. */
  days: number;
}

interface Explanation extends Level {
  /** Sum of squared residuals. */
  unexplained: number;
  /** Number of fitted parameters. */
  parameters: number;
}

/** With fewer days on either side it is a spike, not a step. */
const fewestDaysOfStep = 3;
const fewestDaysOfTrend = 14;
/**
 * Twice the penalty of the Bayesian information criterion for each fitted parameter. With the
 * single penalty it finds steps and trends in noise, as the place of a step is chosen among many.
 */
const penalty = 2;

/**
 * Running sums, from which mean and squared distances of any part are computed in constant time.
 */
interface Sums {
  count: number;
  sum: number;
  squares: number;
}

/**
 * Whether the days are best explained by one level, by a step from one level to another, or by a
 * straight line, and the level that follows. The simplest model wins unless another one explains
 * so much more that it is worth its additional parameters (BIC).
 *
 * @param values at least one, one a day
 */
export function findLevel(values: readonly number[]): Level {
  const all = values.reduce(add, { count: 0, sum: 0, squares: 0 });
  const trend = straightLine(values, all);
  const oneLevel: Explanation = {
    value: meanOf(all),
    slope: 0,
    slopeError: Math.abs(trend?.slope ?? 0),
    deviation: deviationOf(unexplainedOf(all), all.count - 1),
    days: all.count,
    unexplained: unexplainedOf(all),
    parameters: 1,
  };
  const step = bestStep(values, all);
  // Ignores residuals below 1 % of the mean: a constant cost would fit every model perfectly.
  const grain = all.count * (0.01 * meanOf(all)) ** 2 + 1e-12;
  const scoreOf = ({ unexplained, parameters }: Explanation) =>
    all.count * Math.log((unexplained + grain) / all.count) +
    penalty * parameters * Math.log(all.count);
  let best = oneLevel;
  for (const other of [step, trend]) if (other && scoreOf(other) < scoreOf(best)) best = other;
  return best;
}

/** The step with the least squared residuals, with the level after it. */
function bestStep(values: readonly number[], all: Sums): Explanation | undefined {
  let before: Sums = { count: 0, sum: 0, squares: 0 };
  let best: { after: Sums; unexplained: number } | undefined;
  for (const value of values) {
    before = add(before, value);
    const after = subtract(all, before);
    if (before.count < fewestDaysOfStep || after.count < fewestDaysOfStep) continue;
    const unexplained = unexplainedOf(before) + unexplainedOf(after);
    if (best === undefined || unexplained < best.unexplained) best = { after, unexplained };
  }
  return (
    best && {
      value: meanOf(best.after),
      slope: 0,
      slopeError: 0,
      // Of all days, as the few days after a step are too few for an estimate.
      deviation: deviationOf(best.unexplained, all.count - 2),
      days: best.after.count,
      unexplained: best.unexplained,
      parameters: 3,
    }
  );
}

function straightLine(values: readonly number[], all: Sums): Explanation | undefined {
  const { count } = all;
  if (count < fewestDaysOfTrend) return undefined;
  const center = meanOf(all);
  const middle = (count - 1) / 2;
  const spread = (count * (count ** 2 - 1)) / 12;
  const slope =
    values.reduce((sum, value, index) => sum + (index - middle) * (value - center), 0) / spread;
  const unexplained = Math.max(0, unexplainedOf(all) - slope ** 2 * spread);
  return {
    value: center + slope * middle,
    slope,
    slopeError: Math.abs(slope) / 2,
    deviation: deviationOf(unexplained, count - 2),
    // The end of a line is estimated as well as the mean of a quarter of its days.
    days: count / 4,
    unexplained,
    parameters: 2,
  };
}

function add({ count, sum, squares }: Sums, value: number): Sums {
  return { count: count + 1, sum: sum + value, squares: squares + value ** 2 };
}

function subtract(all: Sums, part: Sums): Sums {
  return {
    count: all.count - part.count,
    sum: all.sum - part.sum,
    squares: all.squares - part.squares,
  };
}

function meanOf({ count, sum }: Sums): number {
  return sum / count;
}

/** Sum of the squared distances from the mean. */
function unexplainedOf({ count, sum, squares }: Sums): number {
  return Math.max(0, squares - sum ** 2 / count);
}

function deviationOf(squares: number, degreesOfFreedom: number): number {
  return degreesOfFreedom > 0 ? Math.sqrt(squares / degreesOfFreedom) : 0;
}
