/** Draws of one seed, the same on every machine (mulberry32). */
export interface Draws {
  /** Uniform in [0, 1). */
  unit(): number;
  /** Uniform between two numbers. */
  between(low: number, high: number): number;
  /** A whole number, both ends inside. */
  integer(low: number, high: number): number;
  /** From the standard normal distribution. */
  normal(): number;
}

export function createDraws(seed: number): Draws {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    unit,
    between: (low, high) => low + (high - low) * unit(),
    integer: (low, high) => low + Math.floor((high - low + 1) * unit()),
    // Box and Muller.
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  };
}
