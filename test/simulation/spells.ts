import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import { routeOf } from '../../src/simulator/route.ts';
import type { Dice } from './dice.ts';
import * as figure from './figureSpells.ts';
import * as pause from './pauseSpells.ts';
import * as refusal from './refusalSpells.ts';
import type { LastingSpell, Spell } from './sky.ts';
import type { LastingKind, Odds, WeatherKind } from './weatherKinds.ts';

/** As many customers as the product asks for on a page. */
export const askedPageSize = 500;

/** In this order they strike: whoever comes later sees what came before. */
const passing = {
  strangeDates: figure.strangeDates,
  strangeUsdCost: figure.strangeUsdCost,
  strangeBudget: figure.strangeBudget,
  noLastModified: figure.noLastModified,
  noNames: figure.noNames,
  emptyCurrencyCode: figure.emptyCurrencyCode,
  twoRecords: figure.twoRecords,
  pascalCase: figure.pascalCase,
  falseEnd: refusal.falseEnd,
  refusedLaterPage: refusal.refusedLaterPage,
  refusedRecords: refusal.refusedRecords,
  refusedPartnerSummary: refusal.refusedPartnerSummary,
  noRelationship: refusal.noRelationship,
  rewordedNoUsage: refusal.rewordedNoUsage,
  noContent: refusal.noContent,
  unauthorizedCustomer: refusal.unauthorizedCustomer,
  deadSignIn: refusal.deadSignIn,
  gone: refusal.gone,
  oddStatus: refusal.oddStatus,
  longPause: pause.longPause,
  longServerError: pause.longServerError,
  datedPause: pause.datedPause,
  pauseInMilliseconds: pause.pauseInMilliseconds,
} satisfies Partial<Record<WeatherKind, refusal.SpellMaker>>;

const lasting: Record<LastingKind, refusal.SpellMaker> = {
  lastingFalseEnd: refusal.lastingFalseEnd,
  lastingRefusedLaterPage: refusal.refusedLaterPage,
  lastingRefusedRecords: refusal.refusedRecords,
  lastingRefusedPartnerSummary: refusal.refusedPartnerSummary,
  lastingNoRelationship: refusal.noRelationship,
  lastingUnauthorizedCustomer: refusal.unauthorizedCustomer,
  lastingRewordedNoUsage: refusal.rewordedTruth,
  lastingNoContent: refusal.noContentTruth,
  lastingGone: refusal.gone,
  lastingFailure: refusal.failure,
  lastingRefusals: refusal.thirdRefused,
};

export const lastingKinds = Object.keys(lasting) as LastingKind[];

/** What is said of one customer stands in nobody's way; refusals of a third do, until they are old. */
const neverInTheWay: readonly LastingKind[] = [
  'lastingRefusedPartnerSummary',
  'lastingNoRelationship',
  'lastingRewordedNoUsage',
  'lastingNoContent',
  'lastingGone',
];
const calmDatesUntilOld = 3;

interface Surroundings {
  customers: readonly ExpectedCustomer[];
  pageSize: number;
}

/** Spells until the next change of the weather, each by dice of its own. */
export function pickSpells(dice: Dice, odds: Odds, { customers, pageSize }: Surroundings): Spell[] {
  return (Object.keys(passing) as (keyof typeof passing)[]).flatMap((kind) => {
    const own = dice.named(kind);
    if (!own.chance(odds[kind])) return [];
    const strike = passing[kind]({ dice: own, customers, pageSize, askedPageSize });
    return strike ? [{ kind, strike }] : [];
  });
}

/** A spell for all dates of a night; `undefined` where this partner knows none of its kind. */
export function createLastingSpell(
  kind: LastingKind,
  dice: Dice,
  { customers, pageSize }: Surroundings,
): LastingSpell | undefined {
  const strike = lasting[kind]({ dice, customers, pageSize, askedPageSize });
  if (!strike) return undefined;
  const isInTheWay = (calmDatesBefore: number) => {
    if (neverInTheWay.includes(kind)) return false;
    return kind !== 'lastingRefusals' || calmDatesBefore < calmDatesUntilOld;
  };
  const isUnserved = ({ id }: { id: string }) => {
    const route = routeOf('GET', `/v1/customers/${id}/usagesummary`);
    const answer = { status: 200, headers: {}, body: '' };
    return strike({ route, headers: {}, nowMs: 0 }, answer) !== undefined;
  };
  const unserved = new Set(customers.filter(isUnserved).map(({ id }) => id));
  return { kind, strike, unserved, isInTheWay };
}
