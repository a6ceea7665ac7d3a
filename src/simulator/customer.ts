import type { PeriodRule } from './billingPeriod.ts';
import { type CurrencySource, legacyLocales, planCurrencies } from './currency.ts';
import { createGuid, decodeIndex, encodeIndex, guidPattern } from './guid.ts';
import { companyName, domainName } from './names.ts';
import { hash, pick, topics, unit } from './random.ts';
import type { SimulatorOptions } from './simulatorOptions.ts';
import { createSpend, type Spend } from './spend.ts';

/** `azurePlan`, the legacy MS-AZR-0145P, or licences and reservations without any use. */
export type CustomerKind = 'azurePlan' | 'legacy' | 'licensesOnly';

/** A usage-based subscription, or the one that stands for an Azure plan. */
export interface SimulatedSubscription {
  /** Lower case; legacy ones are in upper case on the wire. */
  id: string;
  name: string;
  status: 'active' | 'suspended';
  offerId: string;
  /** Partner id of the reseller; Azure plan only. */
  partnerOnRecord?: string;
  spend: Spend;
}

export interface SimulatedCustomer {
  index: number;
  /** Lower case. */
  id: string;
  name: string;
  domain: string;
  kind: CustomerKind;
  currency: CurrencySource;
  /** Monthly budget in the billing currency, as a JSON number literal. */
  budgetAmount?: string;
  period: PeriodRule;
  /** Days that its figures are behind those of others; absent where they are not. */
  daysLate?: number;
  subscriptions: SimulatedSubscription[];
}

/** The kind of customer at each place of twenty, so that 20 customers include every kind. */
interface Slot {
  kind: CustomerKind;
  subscriptions: number;
  isBursty?: boolean;
  isIdle?: boolean;
  isUtc?: boolean;
}

const plan: Slot = { kind: 'azurePlan', subscriptions: 1 };
const legacy: Slot = { kind: 'legacy', subscriptions: 1 };
const licences: Slot = { kind: 'licensesOnly', subscriptions: 0 };
const mixture: readonly Slot[] = [
  plan,
  legacy,
  plan,
  licences,
  { ...plan, isBursty: true },
  { ...plan, subscriptions: 2 },
  plan,
  { ...legacy, subscriptions: 2 },
  plan,
  plan,
  licences,
  plan,
  { ...plan, subscriptions: 3 },
  { ...legacy, isUtc: true },
  plan,
  { ...plan, isIdle: true },
  licences,
  plan,
  { ...legacy, isIdle: true },
  plan,
];

const hasUsage = ({ kind }: Slot) => kind !== 'licensesOnly';

/** All customers of a partner, computed on demand and never stored. */
export interface Population {
  seed: number;
  count: number;
  partnerTenantId: string;
  partnerName: string;
  /** The fixed number of each plan's resources. */
  resourcesPerPlan?: number;
  at(index: number): SimulatedCustomer;
  /** By id, in upper or lower case; `undefined` for an unknown one. */
  find(id: string): SimulatedCustomer | undefined;
}

export function createPopulation(
  seed: number,
  count: number,
  options: Pick<
    SimulatorOptions,
    'partnerTenantId' | 'subscriptionsPerCustomer' | 'resourcesPerPlan'
  >,
): Population {
  const { resourcesPerPlan } = options;
  if (resourcesPerPlan !== undefined && !(resourcesPerPlan >= 1)) {
    throw new RangeError(`expected resourcesPerPlan to be 1 or more, got ${resourcesPerPlan}`);
  }
  const { partnerTenantId: tenantId, subscriptionsPerCustomer: subscriptions } = options;
  const slots =
    subscriptions === undefined
      ? mixture
      : mixture.filter(hasUsage).map((slot) => ({ ...slot, subscriptions }));
  const at = (index: number) => createCustomer(seed, index, slots);
  return {
    seed,
    count,
    partnerTenantId: (tenantId ?? createGuid(seed, hash(seed, topics.partner), -1)).toLowerCase(),
    partnerName: `Simulated Partner ${seed}`,
    ...(resourcesPerPlan !== undefined && { resourcesPerPlan }),
    at,
    find(id) {
      if (!guidPattern.test(id)) return undefined;
      const index = decodeIndex(seed, Number.parseInt(id.slice(0, 8), 16));
      if (index >= count) return undefined;
      const customer = at(index);
      return customer.id === id.toLowerCase() ? customer : undefined;
    },
  };
}

/** @throws RangeError for an unknown customer */
export function memberOf(population: Population, indexOrId: number | string): SimulatedCustomer {
  const isIndex = typeof indexOrId === 'number' && indexOrId >= 0 && indexOrId < population.count;
  const customer = isIndex ? population.at(indexOrId) : population.find(String(indexOrId));
  if (!customer) throw new RangeError(`expected a customer's index or id, got ${indexOrId}`);
  return customer;
}

/** Day of the month on which legacy periods of this partner begin, 1 to 28. */
export function anniversaryDay(seed: number): number {
  return 1 + (hash(seed, topics.period) % 28);
}

function createCustomer(seed: number, index: number, slots: readonly Slot[]): SimulatedCustomer {
  const slot = pick(slots, index + hash(seed, topics.slot));
  const isLegacy = slot.kind === 'legacy';
  const subscriptions = Array.from({ length: slot.subscriptions }, (_, place) =>
    createSubscription(seed, index, place, slot),
  );
  const dailyBase = subscriptions.reduce((sum, { spend }) => sum + spend.dailyBase, 0);
  const budgetAmount = isLegacy || dailyBase > 0 ? budgetOf(seed, index, dailyBase) : undefined;
  const draw = hash(seed, topics.currency, index);
  return {
    index,
    id: createGuid(seed, encodeIndex(seed, index), index),
    name: companyName(seed, index),
    domain: domainName(index),
    kind: slot.kind,
    currency: isLegacy ? { currencyLocale: pick(legacyLocales, draw) } : pick(planCurrencies, draw),
    ...(budgetAmount !== undefined && { budgetAmount }),
    period: isLegacy
      ? { startDay: anniversaryDay(seed), isPacific: !slot.isUtc, isEndInclusive: true }
      : { startDay: 1, isPacific: false, isEndInclusive: false },
    subscriptions,
  };
}

function createSubscription(
  seed: number,
  index: number,
  place: number,
  slot: Slot,
): SimulatedSubscription {
  const draw = hash(seed, topics.spend, index, place);
  const isLegacy = slot.kind === 'legacy';
  const id = createGuid(seed, draw, index, place + 1);
  const spend = createSpend(draw, { isBursty: slot.isBursty, isIdle: slot.isIdle });
  if (isLegacy) {
    const status = draw % 10 === 0 ? 'suspended' : 'active';
    return { id, name: 'Microsoft Azure', status, offerId: 'MS-AZR-0145P', spend };
  }
  return {
    id,
    name: 'Azure plan',
    status: 'active',
    offerId: `DZH318Z0BPS6:0001:${draw % 2 === 0 ? 'DZH318Z0BML6' : 'DZH318Z0BMGV'}`,
    partnerOnRecord: String(4_000_000 + ((hash(seed, topics.partner) + place * 7919) % 3_000_000)),
    spend,
  };
}

/** About half of the customers have one, from well below to well above their monthly cost. */
function budgetOf(seed: number, index: number, dailyBase: number): string | undefined {
  if (unit(seed, topics.budget, index) < 0.5) return undefined;
  const month = Math.max(100, dailyBase * 28);
  const amount = Math.round((month * (0.5 + 2 * unit(seed, topics.budget, index, 1))) / 10) * 10;
  return pick(
    [`${amount}`, `${amount}.000000`, `${amount}.5`],
    hash(seed, topics.budget, index, 2),
  );
}
