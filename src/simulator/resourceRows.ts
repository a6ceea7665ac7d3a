import type { Scaled } from './decimal.ts';
import { type RecordFigures, totalOf, withoutCents } from './recordFigures.ts';
import {
  type AzureSubscription,
  nameResource,
  type ResourceNames,
  resourcesOf,
} from './resources.ts';
import { creditType } from './resourceTypes.ts';
import { divideCost } from './shares.ts';

/** One record of a resource: what it says, before it is written. */
export interface ResourceRow {
  /** As it is spelt; `''` and null by a quirk, absent where the record has no such field. */
  uri?: string | null;
  /** Absent where the record is of no resource. */
  resource?: ResourceNames;
  /** Absent where the record is of no Azure subscription. */
  azureSubscription?: AzureSubscription;
  cost: Scaled;
}

export interface ResourceRows {
  count: number;
  [Symbol.iterator](): Iterator<ResourceRow>;
}

/** The records of a plan's resources. */
export function resourceRowsOf(figures: RecordFigures): ResourceRows {
  const resources = planResourcesOf(figures);
  const shares = divideCost(figures.subscription.spend, totalOf(figures), resources);
  const additional = peculiarRows(resources.at(0), 0n, figures).length - 1;
  return {
    count: shares.count === 0 ? 0 : shares.count + additional,
    *[Symbol.iterator]() {
      for (const { part, place, cost } of shares) {
        if (place === 0) yield* peculiarRows(part, cost, figures);
        else yield rowOf(part, cost);
      }
    },
  };
}

/** The resources that exist in the billing period of a plan. */
export function planResourcesOf(figures: RecordFigures) {
  const { subscription, period, quirks, resourcesPerPlan: resources } = figures;
  const { key } = subscription.spend;
  return resourcesOf({ key, firstDay: period.firstDay, resources }, quirks);
}

function rowOf(resource: ResourceNames, cost: Scaled): ResourceRow {
  const { uri, azureSubscription } = resource;
  return { uri, resource, azureSubscription, cost };
}

/** The records that a plan's first resource has its cost in, by the quirks. */
function peculiarRows(
  resource: ResourceNames,
  cost: Scaled,
  figures: RecordFigures,
): ResourceRow[] {
  const { quirks, subscription } = figures;
  const { azureSubscription, resourceGroup } = resource;
  const rows: ResourceRow[] = [];
  let rest = withoutCents(cost, figures);
  if (quirks.unassignedRecords) {
    const part = rest / 8n;
    rows.push({ uri: '', azureSubscription, cost: part });
    rows.push({ uri: null, azureSubscription, cost: part });
    rows.push({ cost: part });
    rest -= 3n * part;
  }
  if (quirks.negativeRecords) {
    const name = { text: creditType.prefix, key: subscription.spend.key };
    const credit = nameResource(azureSubscription, resourceGroup, creditType, name);
    const amount = rest / 8n;
    rows.push(rowOf(credit, -amount));
    rest += amount;
  }
  if (quirks.doubleSpelling) {
    const half = rest / 2n;
    rows.push(rowOf(inGroup(resource, resourceGroup.toUpperCase()), half));
    rows.push(rowOf(inGroup(resource, resourceGroup.toLowerCase()), rest - half));
    return rows;
  }
  rows.push(rowOf(resource, rest));
  return rows;
}

function inGroup(resource: ResourceNames, resourceGroup: string): ResourceNames {
  const uri = resource.uri.replace(`/${resource.resourceGroup}/`, `/${resourceGroup}/`);
  return { ...resource, resourceGroup, uri };
}
