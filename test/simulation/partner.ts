import { anniversaryDay } from '../../src/simulator/customer.ts';
import type { Quirks } from '../../src/simulator/quirks.ts';
import type { SignInOptions } from '../../src/simulator/signInOptions.ts';
import type { SnapshotSettings } from '../../src/snapshot/snapshotContext.ts';
import type { Dice } from './dice.ts';
import { askedPageSize, lastingKinds } from './spells.ts';
import type { LastingKind, Odds } from './weatherKinds.ts';

/** A random partner, its API's habits, and the settings it is captured with. */
export interface Partner {
  seed: number;
  customers: number;
  quirks: Quirks;
  signIn: SignInOptions;
  /** Mean time of an API answer. */
  latencyMs: number;
  storageLatencyMs: number;
  pageSize: number;
  limitedPerMinute: number;
  settings: SnapshotSettings;
  /** NCRONTAB, UTC. */
  schedule: string;
  /** Consecutive dates, `yyyy-MM-dd`. */
  dates: string[];
  /** Without weather: but for a customer in the night, all is as it should be. */
  isCalm: boolean;
  /** What is wrong on all dates. */
  lasting?: LastingKind | undefined;
  /** Of each kind of weather. */
  odds: Odds;
}

const dayMs = 86_400_000;

const schedules = ['0 30 2 * * *', '0 30 2 * * *', '0 5 0 * * *', '0 45 5 * * *', '0 15 11 * * *'];

export function createPartner(seed: number, dice: Dice, odds: Odds): Partner {
  // Only a list of more than a whole page can end in its middle.
  const isLarge = dice.named('size').chance(0.02);
  const customers = isLarge
    ? dice.int(askedPageSize + 10, askedPageSize + 60)
    : dice.chance(0.04)
      ? dice.int(250, 300)
      : dice.int(5, 60);
  const isCalm = !isLarge && dice.named('calm').chance(0.15);
  const lasting = isCalm ? undefined : pickLasting(dice.named('lasting'), odds, isLarge);
  return {
    seed,
    customers,
    quirks: {
      ...pickQuirks(dice),
      ...pickDetailQuirks(dice.named('detail quirks')),
      ...(isLarge && { unlistedCustomers: false }),
    },
    signIn: {
      accessTokenLifetimeSeconds: dice.pick([600, 1200, 3600]),
      isOpaque: dice.chance(0.2),
    },
    latencyMs: dice.pick([0, 40, 100, 400]),
    storageLatencyMs: dice.pick([0, 10, 60]),
    pageSize: isLarge
      ? askedPageSize
      : Math.max(2, Math.ceil(customers / dice.pick([0.5, 1, 3, 8]))),
    limitedPerMinute: dice.pick([480, 480, 60, 20, 0]),
    settings: {
      concurrency: dice.pick([1, 2, 4, 8, 16]),
      customers: dice.chance(0.15) ? 'usage' : 'all',
      discovery: dice.chance(0.3) ? 'subscriptions' : 'usagerecords',
      deadlineMs: dice.pick([5, 20, 50, 50]) * 60_000,
      leaseMs: 60_000,
      minimumCost: 10,
      depth: {
        level: dice.named('depth').pick(['resources', 'resources', 'azureSubscriptions', 'off']),
        minimumCost: 1,
      },
    },
    schedule: dice.pick(schedules),
    dates: pickDates(seed, dice.named('dates'), { isCalm, isLarge, lasting }),
    isCalm,
    lasting,
    odds,
  };
}

function pickLasting(dice: Dice, odds: Odds, isLarge: boolean): LastingKind | undefined {
  return lastingKinds
    .filter((kind) => isLarge || kind !== 'lastingFalseEnd')
    .find((kind) => dice.named(kind).chance(odds[kind]));
}

interface NightTraits {
  isCalm: boolean;
  isLarge: boolean;
  lasting: LastingKind | undefined;
}

/**
 * Ordinary days, those at a month's end and a year's end, and those around the partner's
 * anniversary, on which legacy periods end in the morning: at Pacific midnight.
 */
function pickDates(seed: number, dice: Dice, { isCalm, isLarge, lasting }: NightTraits): string[] {
  const month = dice.pick(['2026-03', '2026-07', '2026-11', '2026-01']);
  const anniversaryMs = Date.parse(`${month}-${String(anniversaryDay(seed)).padStart(2, '0')}`);
  const anniversaries = [anniversaryMs - dayMs, anniversaryMs - dayMs, anniversaryMs];
  const others = ['2026-03-10', '2026-02-27', '2025-12-30', '2026-10-31'].map((date) =>
    Date.parse(date),
  );
  const firstMs = dice.pick(isCalm ? anniversaries : [...anniversaries, ...others]);
  const few = dice.chance(0.4) ? dice.int(2, 3) : 1;
  // So long until refusals are known to last.
  const count = lasting === 'lastingRefusals' ? 5 : isCalm ? dice.int(2, 3) : isLarge ? 1 : few;
  return Array.from({ length: count }, (_, place) =>
    new Date(firstMs + place * dayMs).toISOString().slice(0, 10),
  );
}

function pickDetailQuirks(dice: Dice): Quirks {
  const is = () => dice.chance(0.25);
  return {
    ...(is() && { azureSubscriptions: dice.pick([1, 51, 120]) }),
    unassignedRecords: is(),
    doubleSpelling: is(),
    negativeRecords: is(),
    namelessRecords: is(),
    recordsAhead: is(),
    missingCents: is(),
    formerMetersOnly: is(),
    recordsNotFound: dice.chance(0.04),
    ...(is() && { slowRecordsMs: dice.pick([2_000, 50_000]) }),
  };
}

function pickQuirks(dice: Dice): Quirks {
  const is = () => dice.chance(0.3);
  return {
    byteOrderMark: is(),
    bareContentType: is(),
    continuation: dice.pick(['link', 'token', 'both']),
    nextLinkWithoutVersion: is(),
    nextLinkExtraHeader: is(),
    continuationAfterLastPage: is(),
    lastPageWithoutLinks: is(),
    ...(is() && { pageNotReady: dice.pick(['seconds', 'date']) }),
    wrongTotalCount: is(),
    repeatedCustomers: is(),
    unlistedCustomers: is(),
    ...(is() && { usageRecordsPageSize: dice.int(3, 50) }),
    upperCaseIds: is(),
    stringCodes: is(),
    misspeltAmount: is(),
  };
}
