import { dayMs } from './day.ts';
import { createGuid } from './guid.ts';
import type { Quirks } from './quirks.ts';
import { hash, pick, topics, unit } from './random.ts';
import {
  azureSubscriptionNames,
  type ResourceType,
  resourceGroups,
  resourceTypes,
} from './resourceTypes.ts';
import type { Part, Parts } from './shares.ts';
import { createSpend } from './spend.ts';

/** An Azure subscription below a plan: what Partner Center calls an entitlement. */
export interface AzureSubscription {
  /** Lower case. */
  id: string;
  name: string;
}

export interface ResourceNames {
  azureSubscription: AzureSubscription;
  resourceGroup: string;
  provider: string;
  /** The last segment of its id. */
  name: string;
  /** Its id in Azure Resource Manager. */
  uri: string;
}

export type Resource = ResourceNames & Part;

/** What the resources of a plan in a billing period follow from, beside quirks. */
export interface PlanPeriod {
  /** Seed of the plan's random values. */
  key: number;
  /** First day of the period. */
  firstDay: number;
  /** A fixed number of resources. */
  resources?: number | undefined;
}

/**
 * The resources of a plan that exist in a billing period. Each place has one a period: lasting
 * ones, and some that are made or deleted in its course.
 */
export function resourcesOf(period: PlanPeriod, quirks: Quirks): Parts<Resource> {
  const { key } = period;
  const few = 1 + (hash(key, topics.azureSubscription) % 4);
  // One of them has to stay where another is cancelled.
  const least = quirks.cancelledAzureSubscriptions ? 2 : 1;
  const wanted = Math.max(quirks.azureSubscriptions ?? few, least);
  const fixed = quirks.manyResources ? 20_000 : period.resources;
  const count = fixed ?? Math.max(wanted, 5 + Math.floor(56 * unit(key, topics.resource) ** 2));
  // An Azure subscription without resources would not be seen.
  const azureSubscriptions = Math.min(wanted, count);
  const at = (place: number) => createResource(period, place, azureSubscriptions, quirks);
  return { count, at };
}

function createResource(
  { key, firstDay }: PlanPeriod,
  place: number,
  azureSubscriptions: number,
  quirks: Quirks,
): Resource {
  const draw = hash(key, topics.resource, place + 1);
  const owner = place < azureSubscriptions ? place : draw % azureSubscriptions;
  const isLastOwner = owner > 0 && owner === azureSubscriptions - 1;
  const isCancelled = quirks.cancelledAzureSubscriptions === true && isLastOwner;
  const month = monthOf(firstDay);
  const isLasting = isCancelled || place < Math.max(2, azureSubscriptions);
  const life = isLasting ? lasting : lifeOf(draw, month, firstDay);
  const type = pick(resourceTypes, draw >>> 8);
  const azureSubscription = createAzureSubscription(key, owner, isCancelled ? month : 0);
  const cancelledDay = firstDay + 4 + (hash(key, topics.cancelledAzureSubscriptions) % 10);
  const spend = createSpend(draw, {});
  return {
    ...nameResource(azureSubscription, pick(resourceGroups, draw >>> 16), type, {
      text: `${type.prefix}${place}`,
      key: hash(draw, topics.resource, life.generation),
    }),
    // The first is among the largest, as it takes what others leave.
    spend: place === 0 ? { ...spend, dailyBase: 900 } : spend,
    firstDay: life.firstDay,
    lastDay: isCancelled ? cancelledDay : life.lastDay,
  };
}

interface Life {
  /** Which of the resources that have followed each other at the place. */
  generation: number;
  firstDay: number;
  lastDay: number;
}

const lasting: Life = {
  generation: 0,
  firstDay: Number.NEGATIVE_INFINITY,
  lastDay: Number.POSITIVE_INFINITY,
};

/** Three in ten live for two to six months, and others follow them. */
function lifeOf(draw: number, month: number, firstDay: number): Life {
  const chance = hash(draw, topics.resourceLife);
  if (chance % 10 > 2) return lasting;
  const months = 2 + ((chance >>> 8) % 5);
  const age = (month + (chance >>> 16)) % months;
  const generation = Math.floor((month + (chance >>> 16)) / months);
  const day = firstDay + 1 + (hash(draw, topics.resourceLife, generation) % 20);
  return {
    generation,
    firstDay: age === 0 ? day : Number.NEGATIVE_INFINITY,
    lastDay: age === months - 1 ? day : Number.POSITIVE_INFINITY,
  };
}

function monthOf(day: number): number {
  const date = new Date(day * dayMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** A cancelled one is followed by another the next month. */
function createAzureSubscription(key: number, place: number, month: number): AzureSubscription {
  const round = Math.floor(place / azureSubscriptionNames.length);
  const name = pick(azureSubscriptionNames, place);
  return {
    id: createGuid(key, hash(key, topics.azureSubscription, place + 1, month), place, month),
    name: round === 0 ? name : `${name} ${round + 1}`,
  };
}

/** `text` and the digits of `key` are its name. */
export function nameResource(
  azureSubscription: AzureSubscription,
  resourceGroup: string,
  { provider, type }: ResourceType,
  { text, key }: { text: string; key: number },
): ResourceNames {
  const name = `${text}${key.toString(16).padStart(8, '0')}`;
  const [child, ...parents] = type.split('/').reverse();
  const path = [...parents.reverse().map((each) => `${each}/sqlsrv01`), `${child}/${name}`];
  const group = `/subscriptions/${azureSubscription.id}/resourceGroups/${resourceGroup}`;
  return {
    azureSubscription,
    resourceGroup,
    provider,
    name,
    uri: `${group}/providers/${provider}/${path.join('/')}`,
  };
}
