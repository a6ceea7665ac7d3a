import type { Customer } from '../usage/customer.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { PartnerSnapshot } from '../usage/usageSnapshot.ts';
import type { CaptureOptions } from './captureOptions.ts';
import { capturePartner } from './capturePartner.ts';
import { CustomerUsageRecords } from './customerUsageRecords.ts';
import { readAhead } from './fanOut.ts';
import type { SnapshotContext } from './snapshotContext.ts';

/** What a run asks for besides single customers, under way while it reads the tables. */
export interface FirstRequests {
  records: Promise<CustomerUsageRecords>;
  /** The customer list, for a run that needs it. */
  listed?: AsyncIterable<Customer>;
  /** For a run of all customers. */
  partner?: Promise<PartnerSnapshot>;
  /** Resolves when none of them is under way any more. */
  ended: Promise<unknown>;
}

/** Sends them; none of them is awaited here. */
export function sendFirstRequests(
  options: CaptureOptions,
  run: Pick<SnapshotRun, 'scope'>,
  { customers }: Pick<SnapshotContext['settings'], 'customers'>,
): FirstRequests {
  const { partnerCenter, fields } = options;
  const isAboutAll = run.scope === 'all';
  const records = CustomerUsageRecords.read(partnerCenter, fields);
  const pages = partnerCenter.listCustomers()[Symbol.asyncIterator]();
  const firstPage = isAboutAll && customers === 'all' ? pages.next() : undefined;
  const partner = isAboutAll ? capturePartner(options) : undefined;
  return {
    records,
    ...(firstPage && { listed: readAhead(pages, firstPage) }),
    ...(partner && { partner }),
    ended: Promise.allSettled([records, firstPage, partner]),
  };
}
