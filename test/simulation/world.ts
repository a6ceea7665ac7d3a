import { defaultClientSecret } from '../../src/simulator/signInOptions.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import type { SnapshotSettings } from '../../src/snapshot/snapshotContext.ts';
import { MemoryTable } from '../../src/storage/memoryTable.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { addAlertRules } from './alertRules.ts';
import { DayRules } from './dayRules.ts';
import type { Dice } from './dice.ts';
import { Excuses } from './excuses.ts';
import { Ledger, type Tamper } from './ledger.ts';
import { Oracle } from './oracle.ts';
import type { Partner } from './partner.ts';
import { createRowRules, createSecretTest, type SecretTest } from './rowRules.ts';
import { addRunRules } from './runRules.ts';
import type { Trace } from './trace.ts';
import { type TableName, tableNames, Weather } from './weather.ts';

/** The app's secret at the sign-in host: it must never be seen again. */
export const clientSecret = defaultClientSecret;

/** What all processes of a night share. */
export interface World {
  readonly trace: Trace;
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly weather: Weather;
  readonly ledger: Ledger;
  readonly oracle: Oracle;
  readonly dayRules: DayRules;
  readonly excuses: Excuses;
  readonly tables: Record<TableName, MemoryTable>;
  readonly isSecret: SecretTest;
  /** How often the line of an alert was logged, by `alertId`. */
  readonly told: Map<string, number>;
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
  const { seed, customers, quirks, signIn, latencyMs } = partner;
  const simulator = createSimulator({
    seed,
    customers,
    quirks,
    signIn,
    latencyMs,
    clock,
    logLimit: 0,
  });
  const ledger = new Ledger(clock, trace, tamper);
  const oracle = new Oracle(simulator);
  const excuses = new Excuses();
  const isListAsked = partner.settings.customers === 'all';
  const dayRules = new DayRules({ simulator, ledger, oracle, excuses, isListAsked });
  const isSecret = createSecretTest([clientSecret]);
  for (const rule of createRowRules(trace, oracle, isSecret)) ledger.addRule(rule);
  addRunRules(ledger, dayRules, trace);
  const told = new Map<string, number>();
  addAlertRules(ledger, trace, told);
  const tables = Object.fromEntries(
    tableNames.map((name) => [name, new MemoryTable(name, clock.now)]),
  );
  return {
    trace,
    clock,
    simulator,
    weather: new Weather(dice.fork(), trace, partner.storageLatencyMs),
    ledger,
    oracle,
    dayRules,
    excuses,
    tables: tables as Record<TableName, MemoryTable>,
    isSecret,
    told,
    settings: partner.settings,
    limitedPerMinute: partner.limitedPerMinute,
    pageSize: partner.pageSize,
    refreshToken: { token: simulator.refreshToken, storedAt: clock.now() },
    tokenStoreTrouble: 0,
    signInLosses: 0,
    signInLatencyMs: partner.latencyMs,
  };
}
