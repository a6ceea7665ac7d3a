import { computeNextRun } from '../../src/config/schedule.ts';
import { runCatchUp } from '../../src/snapshot/catchUp.ts';
import type { SnapshotRequest } from '../../src/snapshot/snapshotRequest.ts';
import { runSnapshot } from '../../src/snapshot/snapshotRun.ts';
import { changeWeather, clearUp } from './apiWeather.ts';
import type { Dice } from './dice.ts';
import { createLateFigures } from './figureSpells.ts';
import type { Mishap, Port } from './lifeline.ts';
import type { Partner } from './partner.ts';
import type { Work } from './simulatedProcess.ts';
import { type StorageFaults, tableNames } from './weather.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Something that happens at a time of the day. */
export interface Happening {
  atMs: number;
  act: () => void;
}

/** Starts a process; `mishap` befalls it. */
export type StartProcess = (name: string, work: Work, mishap: Mishap | undefined) => void;

export interface DayPlan {
  date: string;
  /** From then on nothing goes wrong; absent where it does to the end of the day. */
  quietFromMs: number | undefined;
  happenings: Happening[];
}

interface DayParts {
  world: World;
  partner: Partner;
  dice: Dice;
  start: StartProcess;
}

/** The day's times: from `quietFromMs` on nothing goes wrong. */
interface Times {
  date: string;
  dayMs: number;
  dueMs: number;
  isTroubled: (atMs: number) => boolean;
}

/** A day of changing weather, and all that is started in it. */
export function planDay(date: string, parts: DayParts): DayPlan {
  const { world, partner, dice } = parts;
  const dayMs = Date.parse(date);
  const dueMs = computeNextRun(partner.schedule, dayMs - 1) ?? dayMs;
  const quiet = dice.named('quiet');
  const quietInWeatherMs = quiet.chance(0.8) ? dayMs + quiet.int(6, 19) * hourMs : undefined;
  const quietFromMs = partner.isCalm ? dueMs + hourMs : quietInWeatherMs;
  const isTroubled = (atMs: number) =>
    !partner.isCalm && (quietFromMs === undefined || atMs < quietFromMs);
  const times: Times = { date, dayMs, dueMs, isTroubled };
  const happenings = [
    ...(partner.isCalm ? planOneFailure(times, parts) : planWeather(times, parts)),
    ...planLateFigures(times, parts),
    ...planTimers(times, parts),
    ...planCommands(times, parts),
  ];
  if (quietFromMs !== undefined) {
    happenings.push({ atMs: quietFromMs, act: () => clearUp(world, partner) });
  }
  return { date, quietFromMs, happenings };
}

/** Otherwise all is well: one customer or subscription cannot be read in the night. */
function planOneFailure({ dayMs, dueMs }: Times, { world, dice }: DayParts): Happening[] {
  const { simulator } = world;
  const own = dice.named('failure');
  const { id, subscriptions } = own.pick(world.customers);
  const subscription = own.chance(0.7) ? subscriptions.at(0) : undefined;
  const path = subscription ? `/subscriptions/${subscription.id}` : '';
  const overrides = {
    [`/v1/customers/${id}${path}/usagesummary`]: { status: 500, headers: {}, body: '' },
  };
  const turn = (atMs: number, to: typeof simulator.overrides): Happening => ({
    atMs,
    act: () => {
      simulator.overrides = to;
    },
  });
  return [turn(dayMs, overrides), turn(dueMs + hourMs, {})];
}

function planWeather(times: Times, { world, partner, dice }: DayParts): Happening[] {
  const { dayMs, dueMs, isTroubled } = times;
  const changes = changesOfWeather(dayMs, dueMs, dice.named('changes'));
  const happenings = changes.filter(isTroubled).map((atMs, place): Happening => {
    const own = dice.named(`change ${place}`);
    return { atMs, act: () => changeWeather(world, partner, own) };
  });
  const outage = dice.named('outage');
  const table = outage.pick(tableNames);
  const outageMs = dueMs + outage.int(1, 3 * minuteMs);
  if (outage.chance(0.2) && isTroubled(outageMs + minuteMs)) {
    happenings.push(...planTables(world, outageMs, minuteMs, { unreachable: [table] }));
  }
  const hang = dice.named('hangingTable');
  const hangMs = dueMs + hang.int(1, 3 * minuteMs);
  const lastsMs = hang.int(1, 10) * minuteMs;
  const hanging = hang.chance(0.5) ? tableNames : [hang.pick(tableNames)];
  if (hang.chance(partner.odds.hangingTable) && isTroubled(hangMs + lastsMs)) {
    happenings.push(...planTables(world, hangMs, lastsMs, { hanging }));
  }
  return happenings;
}

/** Tables that are out of reach for a while. */
function planTables(
  { weather }: World,
  fromMs: number,
  lastsMs: number,
  faults: Partial<StorageFaults>,
): Happening[] {
  const turn = (to: Partial<StorageFaults>) => () => {
    weather.faults = { ...weather.faults, ...to };
  };
  const over = { unreachable: [], hanging: [] };
  return [
    { atMs: fromMs, act: turn(faults) },
    { atMs: fromMs + lastsMs, act: turn(over) },
  ];
}

function planLateFigures({ date, dayMs }: Times, { world, partner, dice }: DayParts): Happening[] {
  const own = dice.named('lateFigures');
  if (!own.chance(partner.odds.lateFigures)) return [];
  const strike = createLateFigures(date, own.int(5, 21), own.pick(['0.37', '12.5000001', '3']));
  const act = () => void world.sky.daily.push({ kind: 'lateFigures', strike });
  return [{ atMs: dayMs, act }];
}

function planTimers(times: Times, { partner, dice, start }: DayParts): Happening[] {
  const { dayMs, dueMs, isTroubled } = times;
  const own = dice.named('timers');
  const startAt = createStarts(times, dice.named('mishaps of timers'), start);
  const happenings: Happening[] = [];
  if (own.chance(0.88) || partner.isCalm) happenings.push(startAt(dueMs, 'nightly', nightly));
  if (own.chance(0.15)) happenings.push(startAt(dueMs + own.int(0, 90_000), 'second', nightly));
  for (let hour = 4; hour <= 23; hour++) {
    const atMs = dayMs + hour * hourMs;
    if (own.chance(0.9) || !isTroubled(atMs)) {
      happenings.push(startAt(atMs, 'catchUp', catchUpBy(partner)));
    }
  }
  return happenings;
}

function planCommands(times: Times, { world, partner, dice, start }: DayParts): Happening[] {
  const { dayMs, dueMs } = times;
  const own = dice.named('commands');
  const startAt = createStarts(times, dice.named('mishaps of commands'), start);
  const happenings: Happening[] = [];
  if (partner.isCalm) {
    const atMs = dayMs + own.int(8 * 60, 21 * 60) * minuteMs;
    return own.chance(0.5) ? [startAt(atMs, 'cli', forced)] : [];
  }
  for (let count = own.int(-1, 4); count > 0; count--) {
    // Around the timers' own times as a rule, so that starts meet.
    const aroundMs = own.pick([dueMs, dayMs + own.int(4, 20) * hourMs]);
    const atMs = aroundMs + own.int(-2 * minuteMs, 10 * minuteMs);
    const work = commandLine(pickRequest(world, own));
    if (atMs >= dayMs) happenings.push(startAt(atMs, 'cli', work));
  }
  const lateMs = dayMs + 24 * hourMs - own.int(1, 15 * minuteMs);
  return own.chance(0.1) ? [...happenings, startAt(lateMs, 'cli', forced)] : happenings;
}

function createStarts({ isTroubled }: Times, dice: Dice, start: StartProcess) {
  return (atMs: number, name: string, work: Work): Happening => {
    const mishap = isTroubled(atMs) ? pickMishap(dice) : undefined;
    const ownName = `${name}@${new Date(atMs).toISOString().slice(5, 19)}`;
    return { atMs, act: () => start(ownName, work, mishap) };
  };
}

/** What the nightly timer starts. */
export const nightly: Work = async (context, signal) => [
  await runSnapshot({ trigger: 'timer', signal }, context),
];

const forced = commandLine({ trigger: 'cli', isForced: true });

function commandLine(request: SnapshotRequest): Work {
  return async (context, signal) => [await runSnapshot({ ...request, signal }, context)];
}

function catchUpBy({ schedule }: Partner): Work {
  const nextNightlyMs = (afterMs: number) => computeNextRun(schedule, afterMs);
  return (context, signal) => runCatchUp({ nextNightlyMs, signal }, context);
}

/** At the beginning of the day, during the nightly run, and some times more. */
function changesOfWeather(dayMs: number, dueMs: number, dice: Dice): number[] {
  const changes = [dayMs, dueMs + dice.int(1, 3 * minuteMs)];
  for (let count = dice.int(1, 8); count > 0; count--) {
    changes.push(dayMs + dice.int(0, 24 * 60 - 1) * minuteMs);
  }
  // For a minute only, as a table that cannot be reached.
  const briefMs = dueMs + dice.int(1, 5 * minuteMs);
  return [...changes, briefMs, briefMs + minuteMs];
}

function pickRequest({ customers }: World, dice: Dice): SnapshotRequest {
  const { id } = dice.pick(customers);
  return {
    trigger: 'cli',
    isForced: dice.chance(0.4),
    isWaiting: dice.chance(0.3),
    ...(dice.chance(0.3) && { customerId: dice.chance(0.1) ? dice.guid() : id }),
  };
}

function pickMishap(dice: Dice): Mishap | undefined {
  if (dice.chance(0.5)) return undefined;
  const atCall = dice.pick([dice.int(1, 15), dice.int(1, 200), dice.int(1, 900)]);
  const kind = dice.pick(['kill', 'kill', 'freeze', 'freeze', 'terminate'] as const);
  const port = dice.pick<Port | undefined>([undefined, undefined, 'table', 'tokenStore', 'signIn']);
  const isOften = port === undefined || port === 'table';
  return {
    kind,
    atCall: isOften ? atCall : dice.int(1, 4),
    ...(port && { port }),
    ...(kind === 'kill' && { isSent: dice.chance(0.5) }),
    ...(kind === 'freeze' && { forMs: dice.pick([5_000, 45_000, 70_000, 10 * minuteMs]) }),
  };
}
