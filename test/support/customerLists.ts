import type { RequestError } from '../../src/errors.ts';
import { CustomerUsageRecords } from '../../src/snapshot/customerUsageRecords.ts';
import { FieldReport } from '../../src/snapshot/fieldReport.ts';
import type { PartnerCenter } from '../../src/snapshot/partnerCenter.ts';
import { parseAmount } from '../../src/usage/amount.ts';

/** What lists name, and what they break off with. */
export interface Lists {
  customers?: string[];
  records?: string[];
  customersError?: Error;
  recordsError?: RequestError;
}

/** A partner whose lists name these customers, each with a cost of 5 in its usage record. */
export function createLists({ customers = [], records = [], ...errors }: Lists) {
  async function* pagesOf<Item>(items: Item[], error: Error | undefined) {
    for (const item of items) yield [item];
    if (error) throw error;
  }
  const partnerCenter = {
    listCustomers: () =>
      pagesOf(
        customers.map((id) => ({ id, name: id })),
        errors.customersError,
      ),
    listCustomerUsageRecords: () =>
      pagesOf(
        records.map((customerId) => ({
          customerId,
          customerName: customerId,
          totalCost: parseAmount('5'),
        })),
        errors.recordsError,
      ),
  } as Partial<PartnerCenter> as PartnerCenter;
  const readRecords = () => CustomerUsageRecords.read(partnerCenter, new FieldReport());
  async function* listed() {
    for await (const page of partnerCenter.listCustomers()) yield* page;
  }
  return { partnerCenter, listed: listed(), readRecords };
}
