import { computeNextRun } from '../../src/schedule.ts';
import { runCatchUp } from '../../src/snapshot/catchUp.ts';
import type { SnapshotRequest } from '../../src/snapshot/snapshotRequest.ts';
import { runSnapshot } from '../../src/snapshot/snapshotRun.ts';
import { changeWeather, clearUp } from './apiWeather.ts';
import type { Dice } from './dice.ts';
import type { Mishap, Port } from './lifeline.ts';
import type { Partner } from './partner.ts';
import type { Work } from './simulatedProcess.ts';
import { type TableName, tableNames } from './weather.ts';
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

/** A day of changing weather, and all that is started in it. */
export function planDay(
  date: string,
  {
    world,
    partner,
    dice,
    start,
  }: { world: World; partner: Partner; dice: Dice; start: StartProcess },
): DayPlan {
  const dayMs = Date.parse(date);
  const quietFromMs = dice.chance(0.8) ? dayMs + dice.int(6, 19) * hourMs : undefined;
  const isTroubled = (atMs: number) => quietFromMs === undefined || atMs < quietFromMs;
  const happenings: Happening[] = [];
  const add = (atMs: number, act: () => void) => happenings.push({ atMs, act });
  const startAt = (atMs: number, name: string, work: Work) => {
    const mishap = isTroubled(atMs) ? pickMishap(dice) : undefined;
    add(atMs, () => start(`${name}@${new Date(atMs).toISOString().slice(5, 19)}`, work, mishap));
  };

  const dueMs = computeNextRun(partner.schedule, dayMs - 1) ?? dayMs;
  for (const atMs of changesOfWeather(dayMs, dueMs, dice).filter(isTroubled)) {
    const own = dice.fork();
    add(atMs, () => changeWeather(world, partner, own, date));
  }
  const table = dice.pick(tableNames);
  const outageMs = dueMs + dice.int(1, 3 * minuteMs);
  if (dice.chance(0.2) && isTroubled(outageMs + minuteMs)) {
    const turn = (unreachable: readonly TableName[]) => () => {
      world.weather.faults = { ...world.weather.faults, unreachable };
    };
    add(outageMs, turn([table]));
    add(outageMs + minuteMs, turn([]));
  }
  if (quietFromMs !== undefined) add(quietFromMs, () => clearUp(world, partner));

  if (dice.chance(0.88)) startAt(dueMs, 'nightly', nightly);
  if (dice.chance(0.15)) startAt(dueMs + dice.int(0, 90_000), 'second', nightly);
  for (let hour = 4; hour <= 23; hour++) {
    const atMs = dayMs + hour * hourMs;
    if (!isTroubled(atMs) || dice.chance(0.9)) startAt(atMs, 'catchUp', catchUpBy(partner));
  }
  for (let count = dice.int(-1, 4); count > 0; count--) {
    // Around the timers' own times as a rule, so that starts meet.
    const aroundMs = dice.pick([dueMs, dayMs + dice.int(4, 20) * hourMs]);
    const atMs = aroundMs + dice.int(-2 * minuteMs, 10 * minuteMs);
    if (atMs >= dayMs) startAt(atMs, 'cli', commandLine(pickRequest(world, dice)));
  }
  if (dice.chance(0.1)) startAt(dayMs + 24 * hourMs - dice.int(1, 15 * minuteMs), 'cli', forced);
  return { date, quietFromMs, happenings };
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

function pickRequest({ simulator }: World, dice: Dice): SnapshotRequest {
  const { id } = dice.pick([...simulator.customers()]);
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
