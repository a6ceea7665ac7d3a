import type { SimulatorAnswer } from '../../../src/simulator/exchange.ts';

/** A record of a resource or meter, numbers as their literals. */
export interface DepthRecord {
  subscriptionId?: string;
  resourceUri?: string | null;
  resourceType?: string | null;
  entitlementId?: string;
  entitlementName?: string | null;
  resourceGroupName?: string | null;
  name?: string;
  resourceName?: string;
  meterId?: string;
  meterName?: string;
  id?: string;
  category?: string;
  subcategory?: string;
  unit?: string;
  quantityUsed?: string;
  totalCost: string;
  usdTotalCost?: string;
  currencyCode?: string;
  currencyLocale?: string;
  lastModifiedDate?: string;
}

export interface DepthBody {
  totalCount: string;
  items: DepthRecord[];
  links: { self: { uri: string } };
}

export function readRecords({ status, body }: SimulatorAnswer): DepthBody {
  if (status !== 200) throw new Error(`expected records, got ${status} ${body}`);
  const read = JSON.parse(String(body), (_key, value, { source }) =>
    typeof value === 'number' ? source : value,
  );
  return read as DepthBody;
}

/** Exact sum in units of 10^-20, apart from the code under test. */
export function sum(literals: readonly string[]): bigint {
  return literals.reduce((total, each) => {
    const [, sign, whole, part = ''] = /^(-?)(\d+)\.?(\d{0,20})$/.exec(each) ?? [];
    if (whole === undefined) throw new Error(`expected a decimal, got ${each}`);
    return total + BigInt(`${sign}${whole}${part.padEnd(20, '0')}`);
  }, 0n);
}

export const costsOf = (records: readonly { totalCost: string }[]) =>
  sum(records.map(({ totalCost }) => totalCost));
