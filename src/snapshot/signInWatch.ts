import { FatalError, type UnauthorizedError } from '../errors.ts';

/** After so many refusals in a row the cause is the sign-in, not the customers. */
const customersInARow = 3;

/**
 * Distinguishes an invalid sign-in from an answer about a single customer: the sign-in is the cause
 * once three customers in a row were refused because of it and none was served in between.
 */
export class SignInWatch {
  readonly #unauthorized = new Set<string>();
  #last: UnauthorizedError | undefined;

  /** A customer got an answer that a sign-in without rights would not get. */
  noteServed(): void {
    this.#unauthorized.clear();
  }

  /** @throws FatalError when this is the third customer in a row */
  noteUnauthorized(customerId: string, error: UnauthorizedError): void {
    this.#unauthorized.add(customerId);
    this.#last = error;
    this.#throwFrom(customersInARow);
  }

  /**
   * Where a partner has fewer customers than that, all of them count.
   *
   * @throws FatalError
   */
  checkAll(customersListed: number): void {
    if (customersListed > 0) this.#throwFrom(Math.min(customersListed, customersInARow));
  }

  #throwFrom(count: number): void {
    const { size } = this.#unauthorized;
    const error = this.#last;
    if (error === undefined || size < count) return;
    const message = `the sign-in was refused for ${size} customers in a row: ${error.message}`;
    throw new FatalError(error.code, message, error.facts, { cause: error });
  }
}
