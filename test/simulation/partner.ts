import { anniversaryDay } from '../../src/simulator/customer.ts';
import type { Quirks } from '../../src/simulator/quirks.ts';
import type { SignInOptions } from '../../src/simulator/signInOptions.ts';
import type { SnapshotSettings } from '../../src/snapshot/snapshotContext.ts';
import type { Dice } from './dice.ts';

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
}

const dayMs = 86_400_000;

const schedules = ['0 30 2 * * *', '0 30 2 * * *', '0 5 0 * * *', '0 45 5 * * *', '0 15 11 * * *'];

export function createPartner(seed: number, dice: Dice): Partner {
  const customers = dice.chance(0.04) ? dice.int(250, 300) : dice.int(5, 60);
  return {
    seed,
    customers,
    quirks: pickQuirks(dice),
    signIn: {
      accessTokenLifetimeSeconds: dice.pick([600, 1200, 3600]),
      isOpaque: dice.chance(0.2),
    },
    latencyMs: dice.pick([0, 40, 100, 400]),
    storageLatencyMs: dice.pick([0, 10, 60]),
    pageSize: Math.max(2, Math.ceil(customers / dice.pick([0.5, 1, 3, 8]))),
    limitedPerMinute: dice.pick([480, 480, 60, 20, 0]),
    settings: {
      concurrency: dice.pick([1, 2, 4, 8, 16]),
      customers: dice.chance(0.15) ? 'usage' : 'all',
      discovery: dice.chance(0.3) ? 'subscriptions' : 'usagerecords',
      deadlineMs: dice.pick([5, 20, 50, 50]) * 60_000,
      leaseMs: 60_000,
      minimumCost: 10,
    },
    schedule: dice.pick(schedules),
    dates: pickDates(seed, dice),
  };
}

/** Ordinary days, and those at a month's end, a year's end, and the partner's anniversary. */
function pickDates(seed: number, dice: Dice): string[] {
  const month = dice.pick(['2026-03', '2026-07', '2026-11']);
  const anniversaryMs = Date.parse(`${month}-${String(anniversaryDay(seed)).padStart(2, '0')}`);
  const firstMs = dice.pick([
    Date.parse('2026-03-10'),
    Date.parse('2026-02-27'),
    Date.parse('2025-12-30'),
    Date.parse('2026-10-31'),
    anniversaryMs - dayMs,
    anniversaryMs,
  ]);
  const count = dice.chance(0.25) ? dice.int(2, 3) : 1;
  return Array.from({ length: count }, (_, place) =>
    new Date(firstMs + place * dayMs).toISOString().slice(0, 10),
  );
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
