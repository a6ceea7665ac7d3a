import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import { defaultClientSecret } from '../../src/simulator/signInOptions.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import type { SnapshotSettings } from '../../src/snapshot/snapshotContext.ts';
import { MemoryBlobContainer } from '../../src/storage/memoryBlobContainer.ts';
import { MemoryTable } from '../../src/storage/memoryTable.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { addAlertRules } from './alertRules.ts';
import { DayRules } from './dayRules.ts';
import { Deliveries } from './deliveries.ts';
import { DetailRules } from './detailRules.ts';
import type { Dice } from './dice.ts';
import type { HiddenCustomers } from './hiddenCustomers.ts';
import { isHindered } from './hindrances.ts';
import { LastTotals } from './lastTotals.ts';
import { Ledger, type Tamper } from './ledger.ts';
import type { Partner } from './partner.ts';
import { RowFigures } from './rowFigures.ts';
import { createRowRules, createSecretTest, type SecretTest } from './rowRules.ts';
import { addRunRules } from './runRules.ts';
import { Sky } from './sky.ts';
import { createLastingSpell } from './spells.ts';
import type { Trace } from './trace.ts';
import { type TableName, tableNames, Weather } from './weather.ts';

/** The app's secret at the sign-in host: it must never be seen again. */
export const clientSecret = defaultClientSecret;

/** What all processes of a night share. */
export interface World {
  readonly trace: Trace;
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  /** All there are, with what does not change from one date to the next. */
  readonly customers: readonly ExpectedCustomer[];
  readonly weather: Weather;
  readonly ledger: Ledger;
  /** What becomes of the simulator's answers on their way. */
  readonly sky: Sky;
  readonly deliveries: Deliveries;
  readonly lastTotals: LastTotals;
  readonly dayRules: DayRules;
  /** The records below the plans. */
  readonly blobs: MemoryBlobContainer;
  readonly detailRules: DetailRules;
  /** Customers that a list keeps silent about, now or earlier. */
  readonly hidden: HiddenCustomers[];
  readonly tables: Record<TableName, MemoryTable>;
  readonly isSecret: SecretTest;
  /** How often the line of an alert was logged, by `alertId`. */
  readonly logged: Map<string, number>;
  readonly settings: SnapshotSettings;
  readonly limitedPerMinute: number;
  /** Customers on a page, in place of the 500 that are asked for. */
  readonly pageSize: number;
  /** The refresh token as it is stored. */
  refreshToken: { token: string; storedAt: number };
  /** Parts of the calls to the store of the refresh token that fail, 0 to 1. */
  tokenStoreTrouble: number;
  /** Parts of the sign-in host's answers that are lost on their way, 0 to 1. */
  signInLosses: number;
  /** Mean time an answer of the sign-in host takes. */
  readonly signInLatencyMs: number;
}

export function createWorld(
  partner: Partner,
  dice: Dice,
  trace: Trace,
  { start, tamper }: { start: string; tamper?: Tamper | undefined },
): World {
  const clock = new VirtualClock(start);
  const { seed, quirks, signIn, latencyMs } = partner;
  const simulator = createSimulator({
    seed,
    customers: partner.customers,
    quirks,
    signIn,
    latencyMs,
    clock,
    logLimit: 0,
  });
  const ledger = new Ledger(clock, trace, tamper);
  const deliveries = new Deliveries();
  const customers = [...simulator.customers()];
  const figures = new RowFigures(customers, deliveries);
  const hidden: HiddenCustomers[] = [];
  const isListAsked = partner.settings.customers === 'all';
  const dayRules = new DayRules({ customers, ledger, deliveries, figures, hidden, isListAsked });
  const isSecret = createSecretTest([clientSecret]);
  for (const rule of createRowRules(trace, figures, isSecret)) ledger.addRule(rule);
  addRunRules(ledger, dayRules, trace);
  const logged = new Map<string, number>();
  addAlertRules(ledger, deliveries, trace, logged);
  const { deadlineMs } = partner.settings;
  const lastTotals = new LastTotals({
    ledger,
    deliveries,
    trace,
    isHindered: (runId, resource) =>
      isHindered(ledger.writerOf(runId), { runId, resource, deadlineMs, nowMs: clock.now() }),
  });
  const blobs = new MemoryBlobContainer('usage-details');
  const { depth } = partner.settings;
  const { details: showings } = deliveries;
  const detailRules = new DetailRules({ ledger, showings, simulator, blobs, trace, depth });
  const sky = new Sky(trace);
  if (partner.lasting) {
    const { lasting, pageSize } = partner;
    const surroundings = { customers, pageSize };
    const spell = createLastingSpell(lasting, dice.named('lasting'), surroundings);
    if (spell) sky.lasting.push(spell);
  }
  const tables = Object.fromEntries(
    tableNames.map((name) => [name, new MemoryTable(name, clock.now)]),
  );
  return {
    trace,
    clock,
    simulator,
    customers,
    weather: new Weather(dice.named('storage'), trace, partner.storageLatencyMs),
    ledger,
    sky,
    deliveries,
    lastTotals,
    dayRules,
    blobs,
    detailRules,
    hidden,
    tables: tables as Record<TableName, MemoryTable>,
    isSecret,
    logged,
    settings: partner.settings,
    limitedPerMinute: partner.limitedPerMinute,
    pageSize: partner.pageSize,
    refreshToken: { token: simulator.refreshToken, storedAt: clock.now() },
    tokenStoreTrouble: 0,
    signInLosses: 0,
    signInLatencyMs: partner.latencyMs,
  };
}
