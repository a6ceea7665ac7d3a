import type { RequestError } from '../errors.ts';
import { isMismatch } from '../usage/amount.ts';
import type { Customer } from '../usage/customer.ts';
import { type CustomerUsageRecord, costlier, namesCost } from '../usage/usageRecord.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';
import type { RecordOfCustomer } from './captureCustomer.ts';
import { isOwnFailure } from './failure.ts';
import type { FieldReport } from './fieldReport.ts';
import type { PartnerCenter } from './partnerCenter.ts';

/** `customers/usagerecords` of a run: which customers have usage, and its cost. */
export class CustomerUsageRecords {
  readonly #records: Map<string, CustomerUsageRecord>;
  /** Why the list could not be read to its end. */
  readonly error: RequestError | undefined;

  private constructor(records: Map<string, CustomerUsageRecord>, error?: RequestError) {
    this.#records = records;
    this.error = error;
  }

  /**
   * Reads the list. A failure is kept, not thrown: the summaries can be captured without it.
   *
   * @throws FatalError, and the reason of an abort
   */
  static async read(
    partnerCenter: PartnerCenter,
    fields: FieldReport,
  ): Promise<CustomerUsageRecords> {
    const records = new Map<string, CustomerUsageRecord>();
    try {
      for await (const page of partnerCenter.listCustomerUsageRecords()) {
        for (const record of page) {
          fields.note(record.customerId, record.unreadable);
          // A record without a cost does not replace one of the same customer with a cost.
          const before = records.get(record.customerId);
          records.set(record.customerId, before ? costlier(record, before) : record);
        }
      }
    } catch (error) {
      if (!isOwnFailure(error)) throw error;
      return new CustomerUsageRecords(records, error);
    }
    return new CustomerUsageRecords(records);
  }

  /** The record of a customer that has been named; it is not kept any longer. */
  take(customerId: string): RecordOfCustomer {
    const record = this.#records.get(customerId);
    this.#records.delete(customerId);
    return record ?? this.error;
  }

  /** Whether the records name a cost of the customer. */
  nameCostOf(customerId: string): boolean {
    const record = this.#records.get(customerId);
    return record !== undefined && namesCost(record);
  }

  /** All customers that the records name, except those whose records were taken. */
  *customers(): Generator<Customer> {
    for (const { customerId, customerName } of this.#records.values()) {
      yield { id: customerId, name: customerName };
    }
  }
}

/** Whether a customer's summary and its record differ by more than max(1, 10 %). */
export function contradicts({ figures }: CustomerSnapshot, record: RecordOfCustomer): boolean {
  if (figures === undefined || record === undefined || record instanceof Error) return false;
  return record.totalCost !== undefined && isMismatch(figures.totalCost, record.totalCost);
}
