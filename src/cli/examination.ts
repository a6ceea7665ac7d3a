import { messageOf } from '../errors.ts';

/** One line of an examination. */
export interface Check {
  name: string;
  /** `null` where it was skipped; the finding says why. */
  isOk: boolean | null;
  /** The result, or what is wrong and how to fix it. */
  finding: string;
}

/** Runs checks; a failed one does not stop the others. */
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
   * @param describe describes the result; an error that it throws is a failure as well
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

  /** Notes why checks are skipped. */
  skip(names: readonly string[], why: string): void {
    for (const name of names) this.note({ name, isOk: null, finding: `not asked: ${why}` });
  }
}
