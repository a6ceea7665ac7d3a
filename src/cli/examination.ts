import { messageOf } from '../errors.ts';

/** One line of an examination. */
export interface Check {
  name: string;
  /** `null` where it could not be asked for; the finding says why. */
  isOk: boolean | null;
  /** What was found, or what is wrong and how it is cured. */
  finding: string;
}

/** Checks that go on whatever one of them finds. */
export class Examination {
  readonly note: (check: Check) => void;
  readonly signal: AbortSignal;

  /** @param signal ends the examination */
  constructor(note: (check: Check) => void, signal: AbortSignal) {
    this.note = note;
    this.signal = signal;
  }

  /**
   * Runs a check; `undefined` where it failed.
   *
   * @param describe what was found; what it throws is a failure, too
   * @param cure is added to the message of a failure
   */
  async check<T>(
    name: string,
    work: () => Promise<T>,
    describe: (result: T) => string,
    cure?: string,
  ): Promise<T | undefined> {
    try {
      const result = await work();
      this.note({ name, isOk: true, finding: describe(result) });
      return result;
    } catch (error) {
      this.signal.throwIfAborted();
      const finding = [messageOf(error), ...(cure === undefined ? [] : [cure])].join('; ');
      this.note({ name, isOk: false, finding });
      return undefined;
    }
  }

  /** Says why checks are left out. */
  skip(names: readonly string[], why: string): void {
    for (const name of names) this.note({ name, isOk: null, finding: `not asked: ${why}` });
  }
}
