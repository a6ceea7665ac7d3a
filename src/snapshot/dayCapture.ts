import type { Customer } from '../usage/customer.ts';
import { type Capture, captureCustomer } from './captureCustomer.ts';
import type { CaptureOptions } from './captureOptions.ts';
import { type CustomerUsageRecords, contradicts } from './customerUsageRecords.ts';
import type { DayFailures } from './dayFailures.ts';
import type { DayLedger } from './dayLedger.ts';
import { isOwnFailure } from './failure.ts';

export interface DayCaptureOptions {
  capture: CaptureOptions;
  records: CustomerUsageRecords;
  failures: DayFailures;
  ledger: DayLedger;
}

/**
 * Asks for all that is recorded of a customer.
 *
 * @returns `undefined` for one that no list names and that is no longer the partner's
 * @throws what concerns all customers (see `captureCustomer`)
 */
export async function captureListed(
  customer: Customer,
  { capture: options, records, failures, ledger }: DayCaptureOptions,
): Promise<Capture | undefined> {
  const { id } = customer;
  const record = records.take(id);
  const captured = await captureCustomer(customer, record, options);
  const capture = await failures.judgeList(captured);
  if (ledger.list.isLeftOut(id) && (await hasDeparted(capture, options))) {
    ledger.list.noteDeparted(id);
    return undefined;
  }
  if (contradicts(capture.customer, record)) ledger.costMismatches++;
  return capture;
}

/** Whether a customer that no list names any more is no longer the partner's. */
async function hasDeparted(
  { customer }: Capture,
  { partnerCenter }: CaptureOptions,
): Promise<boolean> {
  if (customer.outcome === 'refused') return true;
  if (customer.outcome !== 'noUsage') return false;
  try {
    return !(await partnerCenter.hasCustomer(customer.customerId));
  } catch (error) {
    if (!isOwnFailure(error)) throw error;
    return false;
  }
}
