import type { SimulatedCustomer, SimulatedSubscription } from './customer.ts';
import { createGuid } from './guid.ts';
import type { Quirks } from './quirks.ts';
import { hash, pick, topics, unit } from './random.ts';

/** What the cost of a plan consists of: a resource; of a legacy subscription: a meter. */
export interface SimulatedResource {
  /** Place within its plan; the first is always there, and takes what the others leave. */
  place: number;
  name: string;
  /** Lower case; of a resource. */
  azureSubscriptionId: string;
  azureSubscriptionName: string;
  group: string;
  /** `Microsoft.Compute/virtualMachines`. */
  type: string;
  /** Its part of an ordinary day's cost, against those of the others. */
  weight: number;
  /** Its growth in a day, as a part of the weight. */
  growth: number;
  /** Days since 1970-01-01, both included; absent where it always was or still is there. */
  firstDay?: number;
  lastDay?: number;
}

const types = [
  ['Microsoft.Compute/virtualMachines', 'vm'],
  ['Microsoft.Compute/disks', 'disk'],
  ['Microsoft.Storage/storageAccounts', 'st'],
  ['Microsoft.Sql/servers/databases', 'sql/db'],
  ['Microsoft.Network/publicIPAddresses', 'pip'],
  ['Microsoft.Web/sites', 'app'],
  ['Microsoft.Web/serverFarms', 'plan'],
  ['Microsoft.Network/virtualNetworkGateways', 'vpn'],
  ['Microsoft.ContainerService/managedClusters', 'aks'],
  ['Microsoft.OperationalInsights/workspaces', 'log'],
  ['Microsoft.DocumentDB/databaseAccounts', 'cosmos'],
  ['Microsoft.KeyVault/vaults', 'kv'],
] as const;
const uses = ['web', 'data', 'shop', 'erp', 'backup', 'test', 'hub', 'mail'] as const;
const stages = ['Production', 'Development', 'Test', 'Shared services'] as const;

/** 2026-01-01, about which resources come and go. */
const referenceDay = 20_454;

/** The resources of a plan, by its seed: the same ones on every day. */
export function resourcesOf(
  subscription: SimulatedSubscription,
  { resourcesPerPlan, azureSubscriptions }: ResourceCounts = {},
): SimulatedResource[] {
  const { key } = subscription.spend;
  const size = unit(key, topics.resources);
  const count = resourcesPerPlan ?? 5 + Math.floor(55 * size * size);
  const subscriptions = azureSubscriptions ?? 1 + (hash(key, topics.resources, 1) % 4);
  return Array.from({ length: count }, (_, place) => resourceAt(key, place, subscriptions));
}

export interface ResourceCounts {
  /** By default 5 to 60. */
  resourcesPerPlan?: number | undefined;
  /** By default 1 to 4. */
  azureSubscriptions?: number | undefined;
}

function resourceAt(key: number, place: number, subscriptions: number): SimulatedResource {
  const draw = hash(key, topics.resources, 2, place);
  const [type, kind] = pick(types, draw);
  const use = pick(uses, hash(draw, topics.resources));
  const own = place % subscriptions;
  const size = unit(draw, topics.resources, 1);
  const shift = hash(draw, topics.resources, 2) % 700;
  return {
    place,
    name: `${kind.replace('/', `-${use}/`)}-${use}-${place + 1}`,
    azureSubscriptionId: createGuid(key, hash(key, topics.resources, 3, own), own),
    azureSubscriptionName: own < stages.length ? (stages[own] ?? '') : `Workload ${own + 1}`,
    group: `rg-${use}`,
    type,
    weight: 1 + Math.floor(1_000 * size * size * size),
    growth: draw % 11 === 0 ? 0.004 : 0,
    ...(place > 0 && draw % 7 === 0 && { firstDay: referenceDay + shift }),
    ...(place > 0 && draw % 7 === 1 && { lastDay: referenceDay + shift }),
  };
}

/** Its part of the cost of a day; 0 where it is not there. */
export function weightOn({ weight, growth, firstDay, lastDay }: SimulatedResource, day: number) {
  if (firstDay !== undefined && day < firstDay) return 0;
  if (lastDay !== undefined && day > lastDay) return 0;
  return weight * Math.max(0.1, 1 + growth * (day - referenceDay));
}

/** The resource that a day's surplus is of, in a burst or on a spike: one that is there. */
export function culpritOf(
  resources: readonly SimulatedResource[],
  key: number,
  day: number,
): SimulatedResource | undefined {
  const start = hash(key, topics.resources, 4, day);
  for (let step = 0; step < resources.length; step++) {
    const one = resources[(start + step) % resources.length];
    if (one && weightOn(one, day) > 0) return one;
  }
  return undefined;
}

/** Counts that the quirks or the options give. */
export function countsOf(
  customer: SimulatedCustomer,
  quirks: Quirks,
  resourcesPerPlan: number | undefined,
): ResourceCounts {
  // A legacy subscription has a few meters.
  if (customer.kind === 'legacy') return { resourcesPerPlan: 4, azureSubscriptions: 1 };
  return { resourcesPerPlan, azureSubscriptions: quirks.azureSubscriptions };
}
