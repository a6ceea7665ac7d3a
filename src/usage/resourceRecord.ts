import { type Amount, parseAmount } from './amount.ts';
import { metersId, unassignedId } from './azureSubscriptionSnapshot.ts';
import { parseLiteralJson } from './literalJson.ts';
import type { Plan } from './plan.ts';
import { present } from './present.ts';
import { isOtherCurrency } from './usageDetails.ts';

/** What one resource, or one meter, has cost in the billing period so far, and where it belongs. */
export interface ResourceRecord {
  /** A GUID in lower case, or what takes its place. */
  azureSubscriptionId: string;
  resourceGroup?: string;
  /**
   * The same for all spellings of a resource's URI; absent where the record is not tied to a
   * resource. Of a legacy subscription it is the meter.
   */
  resourceId?: string;
  /** The name, with those of its parents (`server/database`). */
  resource?: string;
  /** `Microsoft.Compute/virtualMachines`; of a meter its category and subcategory. */
  type?: string;
  totalCost: Amount;
}

/**
 * Reads a record of a plan's details as it was received. Names of fields count in any case, as when
 * it was received.
 *
 * @param total what the record is a part of
 * @returns `undefined` where it has no cost that can be read, or in another currency than the total
 */
export function readResourceRecord(
  line: string,
  total: { plan: Plan; currencyCode?: string },
): ResourceRecord | undefined {
  const fields = fieldsOf(line);
  const totalCost = amountOf(fields.get('totalcost'));
  if (totalCost === undefined) return undefined;
  const text = (name: string) => textOf(fields.get(name));
  if (isOtherCurrency(text('currencycode'), total.currencyCode)) return undefined;
  const place = total.plan === 'azurePlan' ? resourceOf(text) : meterOf(text);
  return present({ ...place, totalCost });
}

type TextOf = (name: string) => string | undefined;

function resourceOf(text: TextOf) {
  const uri = parseResourceUri(text('resourceuri') ?? '');
  return {
    azureSubscriptionId: text('entitlementid')?.toLowerCase() ?? unassignedId,
    resourceGroup: uri?.resourceGroup ?? text('resourcegroupname'),
    resourceId: uri?.id,
    resource: uri?.name,
    type: uri?.type,
  };
}

function meterOf(text: TextOf) {
  const resource = text('metername') ?? text('name');
  const category = [text('category'), text('subcategory')].filter((part) => part !== undefined);
  return {
    azureSubscriptionId: metersId,
    resourceId: (text('meterid') ?? text('id') ?? resource)?.toLowerCase(),
    resource,
    type: category.length === 0 ? undefined : category.join('/'),
  };
}

/** A resource, as its URI names it; texts in the spelling of the URI. */
export interface NamedResource {
  /** The URI in lower case, as ids of Azure Resource Manager differ in no case. */
  id: string;
  resourceGroup?: string;
  name: string;
  type: string;
}

/** @returns `undefined` for a URI that ends before a resource */
export function parseResourceUri(uri: string): NamedResource | undefined {
  const parts = uri.split('/').filter((part) => part !== '');
  const lower = parts.map((part) => part.toLowerCase());
  // An extension of a resource has a provider of its own after that of the resource.
  const provider = lower.lastIndexOf('providers');
  const namespace = parts[provider + 1];
  const pairs = parts.slice(provider + 2);
  if (provider === -1 || namespace === undefined || pairs.length < 2 || pairs.length % 2 === 1) {
    return undefined;
  }
  const group = lower.indexOf('resourcegroups');
  return present({
    id: lower.join('/'),
    resourceGroup: group !== -1 && group < provider ? parts[group + 1] : undefined,
    name: pairs.filter((_, index) => index % 2 === 1).join('/'),
    type: [namespace, ...pairs.filter((_, index) => index % 2 === 0)].join('/'),
  });
}

/** By their names in lower case; none where the line is no record. */
function fieldsOf(line: string): Map<string, unknown> {
  try {
    const record = parseLiteralJson(line);
    if (typeof record !== 'object' || record === null) return new Map();
    return new Map(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

function amountOf(value: unknown): Amount | undefined {
  try {
    return typeof value === 'string' ? parseAmount(value) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
