import { FatalError, type UnauthorizedError } from '../errors.ts';

/** So many customers in a row can have nothing wrong of their own. */
const customersInARow = 3;

/**
 * Tells a sign-in that is dead from a customer that is answered so: it is to blame once three
 * customers in a row were refused because of it and nobody was served in between.
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
