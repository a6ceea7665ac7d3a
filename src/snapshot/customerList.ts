import {
  ConfigurationError,
  FatalError,
  messageOf,
  type RequestError,
  UnreadableError,
} from '../errors.ts';
import type { Customer } from '../usage/customer.ts';
import type { CustomerUsageRecords } from './customerUsageRecords.ts';
import { isOwnFailure } from './failure.ts';
import type { PartnerCenter } from './partnerCenter.ts';

/** The customers of a run, each once; it remembers those that it has named. */
export class CustomerList {
  readonly #ids = new Set<string>();
  /** Customers of the last list that was read to its end, which no list of this run names. */
  readonly #leftOut = new Set<string>();
  #onlyInUsageRecords = 0;
  #isRead = false;
  #error: RequestError | undefined;

  /** Distinct ids named so far. */
  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** Customers that the usage records know and the list does not. */
  get onlyInUsageRecords(): number {
    return this.#onlyInUsageRecords;
  }

  /** Whether all customers have been named. */
  get isRead(): boolean {
    return this.#isRead && this.error === undefined;
  }

  /** Why the list could not be read to its end. */
  get error(): RequestError | undefined {
    if (this.#error !== undefined || this.#leftOut.size === 0) return this.#error;
    return new UnreadableError(
      'LIST_BROKEN_OFF',
      `the customer list left out ${this.#leftOut.size} customers that Partner Center still has`,
    );
  }

  /**
   * The listed customers, page by page as they load, then those that only the usage records name,
   * and those of the last list that was read to its end which neither names. Where one list breaks
   * off, the others are still read.
   *
   * @param listed the customer list
   * @param listBefore the customers of that last list
   * @throws FatalError where no list at all can be read
   */
  async *all(
    listed: AsyncIterable<Customer>,
    records: CustomerUsageRecords,
    listBefore: () => AsyncIterable<Customer>,
  ): AsyncGenerator<Customer> {
    try {
      for await (const customer of listed) {
        if (this.#isNew(customer)) yield customer;
      }
    } catch (error) {
      if (!isOwnFailure(error)) throw error;
      this.#error = error;
    }
    for (const customer of records.customers()) {
      if (!this.#isNew(customer)) continue;
      if (!this.#error) this.#onlyInUsageRecords++;
      yield customer;
    }
    this.#throwIfNothingRead(records);
    if (this.#ids.size > 0) yield* this.#listLeftOut(listBefore());
    this.#error ??= records.error;
    this.#isRead = true;
  }

  /** Only those that the usage records name. */
  async *withUsage(records: CustomerUsageRecords): AsyncGenerator<Customer> {
    for (const customer of records.customers()) {
      if (this.#isNew(customer)) yield customer;
    }
    this.#error = records.error;
    this.#throwIfNothingRead(records);
    this.#isRead = true;
  }

  /**
   * One customer, looked up in the usage records, then in the list.
   *
   * @throws ConfigurationError when neither names it
   */
  async *one(
    customerId: string,
    partnerCenter: PartnerCenter,
    records: CustomerUsageRecords,
  ): AsyncGenerator<Customer> {
    const customer =
      find(records.customers(), customerId) ??
      (await findInPages(partnerCenter.listCustomers(), customerId));
    if (!customer) {
      throw new ConfigurationError([
        `customer: expected the id of one of the partner's customers, got ${customerId}`,
      ]);
    }
    this.#isNew(customer);
    yield customer;
    this.#isRead = true;
  }

  /** Whether only the previous list named a customer. */
  isLeftOut(customerId: string): boolean {
    return this.#leftOut.has(customerId);
  }

  /** A customer that was left out is no longer the partner's: the list was right. */
  noteDeparted(customerId: string): void {
    this.#leftOut.delete(customerId);
    this.#ids.delete(customerId);
  }

  /** The list of that date cannot be read, so customers that are left out cannot be noticed. */
  noteIncomparable(date: string, error: unknown): void {
    const message = `the customers of ${date} could not be read to compare: ${messageOf(error)}`;
    this.#error ??= new UnreadableError('LIST_NOT_COMPARED', message);
  }

  async *#listLeftOut(listBefore: AsyncIterable<Customer>): AsyncGenerator<Customer> {
    for await (const customer of listBefore) {
      if (!this.#isNew(customer)) continue;
      this.#leftOut.add(customer.id);
      yield customer;
    }
  }

  #throwIfNothingRead(records: CustomerUsageRecords): void {
    const error = this.#error;
    if (this.#ids.size > 0 || !error || !records.error) return;
    const messages = new Set([error.message, records.error.message]);
    throw new FatalError(error.code, [...messages].join('; '), error.facts, { cause: error });
  }

  #isNew({ id }: Customer): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    return true;
  }
}

function find(customers: Iterable<Customer>, customerId: string): Customer | undefined {
  for (const customer of customers) if (customer.id === customerId) return customer;
  return undefined;
}

async function findInPages(
  pages: AsyncIterable<Customer[]>,
  customerId: string,
): Promise<Customer | undefined> {
  for await (const page of pages) {
    const customer = find(page, customerId);
    if (customer) return customer;
  }
  return undefined;
}
