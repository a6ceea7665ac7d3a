import { ConfigurationError } from '../errors.ts';
import type { Customer } from '../usage/customer.ts';
import type { CustomerUsageRecords } from './customerUsageRecords.ts';
import { isOwnFailure } from './failure.ts';
import { readAhead } from './fanOut.ts';
import type { PartnerCenter } from './partnerCenter.ts';

/** Whom a run is about, each named once; it remembers whom it named. */
export class CustomerList {
  readonly #ids = new Set<string>();
  #onlyInUsageRecords = 0;
  #isRead = false;
  /** Why the list could not be read to its end. */
  error: Error | undefined;

  /** Distinct ids named so far. */
  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** Customers that the usage records know and the list does not. */
  get onlyInUsageRecords(): number {
    return this.#onlyInUsageRecords;
  }

  /** Whether everybody has been named. */
  get isRead(): boolean {
    return this.#isRead && !this.error;
  }

  /**
   * The listed customers, page by page as they load, then those that only the usage records name.
   * A list that breaks off still leaves the latter.
   */
  async *all(
    partnerCenter: PartnerCenter,
    records: CustomerUsageRecords,
  ): AsyncGenerator<Customer> {
    try {
      for await (const customer of readAhead(partnerCenter.listCustomers())) {
        if (this.#isNew(customer)) yield customer;
      }
    } catch (error) {
      if (!isOwnFailure(error)) throw error;
      this.error = error;
    }
    for (const customer of records.customers()) {
      if (!this.#isNew(customer)) continue;
      if (!this.error) this.#onlyInUsageRecords++;
      yield customer;
    }
    this.error ??= records.error;
    this.#isRead = true;
  }

  /** Only those that the usage records name. */
  async *withUsage(records: CustomerUsageRecords): AsyncGenerator<Customer> {
    for (const customer of records.customers()) {
      if (this.#isNew(customer)) yield customer;
    }
    this.error = records.error;
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
