/** Everything random of a night, from its seed: mulberry32. */
export class Dice {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
    this.#state = seed | 0;
    // Neighbouring seeds begin alike; some throws part them.
    for (let i = 0; i < 8; i++) this.next();
  }

  /** Uniform in [0, 1). */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('nothing to pick from');
    return choices[this.int(0, choices.length - 1)] as T;
  }

  /** Dice of their own, so that who throws more often changes nothing for the others. */
  fork(): Dice {
    return new Dice(Math.floor(this.next() * 2 ** 32));
  }

  /**
   * Dice of their own for one concern, the same however often these were thrown: a concern that is
   * switched off changes nothing for the others.
   */
  named(concern: string): Dice {
    let hash = 0x811c9dc5 ^ this.#seed;
    for (let i = 0; i < concern.length; i++) {
      hash = Math.imul(hash ^ concern.charCodeAt(i), 0x01000193);
    }
    return new Dice(hash);
  }

  guid(): string {
    const hex = Array.from({ length: 32 }, () => this.int(0, 15).toString(16)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}
