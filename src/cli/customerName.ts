import type { PartnerCenterClient } from '../app/app.ts';
import { ConfigurationError } from '../errors.ts';
import { listCustomers } from '../history/customers.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import { findNamed } from '../history/namedCustomers.ts';
import type { Customer } from '../usage/customer.ts';
import { customerOf } from '../usage/usageSnapshot.ts';
import { isId } from './arguments.ts';
import { formatTable } from './table.ts';

/** A customer as a user names it: by GUID, name, domain or a unique part of one. */

/** Candidates shown of an ambiguous name. */
const maxShown = 20;
const expected = 'expected a GUID, a name, a domain or a unique part of one';

/** Customers to look through, and where they are from: `customers of 2026-11-28`. */
interface Candidates {
  customers: readonly Customer[];
  what: string;
}

/**
 * The id of a recorded customer.
 *
 * @param text as `parseCustomer` returns it
 * @throws ConfigurationError where it names none, or more than one
 */
export async function findRecorded(text: string, context: HistoryContext): Promise<string> {
  return isId(text) ? text : pickOne(text, await readRecorded(context)).id;
}

/**
 * The id of a customer that Partner Center lists: what is asked there need not be recorded yet.
 *
 * @param text as `parseCustomer` returns it
 * @throws ConfigurationError where it names none, or more than one
 */
export async function findListed(
  text: string,
  partnerCenter: Pick<PartnerCenterClient, 'listCustomers'>,
): Promise<string> {
  if (isId(text)) return text;
  const customers = (await Array.fromAsync(partnerCenter.listCustomers())).flat();
  return pickOne(text, { customers, what: 'customers that Partner Center lists' }).id;
}

/**
 * The same, and of an id it is asked whether it is that of a customer.
 *
 * @throws ConfigurationError where it is not, too
 */
export async function requireListed(
  text: string,
  partnerCenter: Pick<PartnerCenterClient, 'listCustomers' | 'hasCustomer'>,
): Promise<string> {
  const id = await findListed(text, partnerCenter);
  if (!isId(text) || (await partnerCenter.hasCustomer(id))) return id;
  // Partner Center refuses what is asked of some customers that it lists.
  for await (const page of partnerCenter.listCustomers()) {
    if (page.some((customer) => customer.id === id)) return id;
  }
  throw new ConfigurationError([
    `customer: expected the id of one of the partner's customers, got ${id}`,
  ]);
}

/**
 * The id of a customer whose rows are to be removed, which has to be named by it: a name can be
 * that of another customer tomorrow.
 *
 * @param text as `parseCustomer` returns it
 * @throws ConfigurationError for anything else, with the GUID where it names one customer
 */
export async function requireId(text: string, context: HistoryContext): Promise<string> {
  if (isId(text)) return text;
  const got = `customer: expected a GUID, got ${JSON.stringify(text)}`;
  const { customers, what } = await readRecorded(context);
  const found = findNamed(text, customers);
  const problem =
    found.length === 0
      ? `${got}, which names none of the ${customers.length} ${what}`
      : `${got}, which names\n${describeCandidates(found)}`;
  throw new ConfigurationError([problem]);
}

async function readRecorded(context: HistoryContext): Promise<Candidates> {
  const { date, rows } = await listCustomers({}, context);
  return { customers: rows.map(customerOf), what: `customers of ${date}` };
}

function pickOne(text: string, { customers, what }: Candidates): Customer {
  const found = findNamed(text, customers);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const got = `customer: ${expected}, got ${JSON.stringify(text)}`;
  const problem =
    found.length === 0
      ? `${got}, which names none of the ${customers.length} ${what}`
      : `${got}, which names ${found.length} of the ${customers.length} ${what}:\n${describeCandidates(found)}`;
  throw new ConfigurationError([problem]);
}

function describeCandidates(found: readonly Customer[]): string {
  const shown = found.slice(0, maxShown);
  const table = formatTable<Customer>(
    [
      { heading: 'customer', value: 'name', kind: 'text' },
      { heading: 'domain', value: 'domain', kind: 'text' },
      { heading: 'id', value: 'id' },
    ],
    shown,
  );
  const others = found.length - shown.length;
  return others === 0 ? table : `${table}\nand ${others} more`;
}
