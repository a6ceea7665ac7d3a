import type { SimulatedCustomer } from './customer.ts';

/** The parameter `filter` of the customer list. */
export interface CustomerFilter {
  /** Lower case. */
  field: string;
  /** Lower case. */
  value: string;
}

/** Partner Center: get a list of customers filtered by a search field. */
const fields = ['CompanyName', 'Domain', 'IndirectReseller', 'IndirectCloudSolutionProvider'];

/**
 * Reads `{"Field":"CompanyName","Value":"cont","Operator":"starts_with"}`. Microsoft's Java client
 * writes the names in camel case and the operator as `StartsWith`.
 *
 * @throws RangeError with what was expected
 */
export function parseFilter(text: string): CustomerFilter {
  const filter = readProperties(text);
  const field = fields.find((each) => each.toLowerCase() === filter.get('field'));
  if (!field) throw new RangeError(`The filter's field must be one of ${fields.join(', ')}.`);
  if (filter.get('operator')?.replace('_', '') !== 'startswith') {
    throw new RangeError("The filter's operator must be starts_with.");
  }
  const value = filter.get('value');
  if (value === undefined) throw new RangeError("The filter's value must be a text.");
  return { field: field.toLowerCase(), value };
}

/** The texts of a JSON object, names and values in lower case. */
function readProperties(text: string): Map<string, string> {
  try {
    const entries = Object.entries(JSON.parse(text)).filter(
      ([, value]) => typeof value === 'string',
    );
    return new Map(
      entries.map(([name, value]) => [name.toLowerCase(), String(value).toLowerCase()]),
    );
  } catch {
    throw new RangeError('The filter must be a JSON object.');
  }
}

/** No customer has an indirect reseller or provider, so a filter for these matches none. */
export function matchesFilter(
  customer: SimulatedCustomer,
  { field, value }: CustomerFilter,
): boolean {
  if (field === 'companyname') return customer.name.toLowerCase().startsWith(value);
  if (field === 'domain') return customer.domain.toLowerCase().startsWith(value);
  return false;
}
