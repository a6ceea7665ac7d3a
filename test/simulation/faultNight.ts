import { clearUp } from './apiWeather.ts';
import { type DayPlan, planDay, type StartProcess } from './daySchedule.ts';
import { Dice } from './dice.ts';
import { checkEnd } from './endRules.ts';
import type { Tamper } from './ledger.ts';
import { createPartner, type Partner } from './partner.ts';
import { SimulatedProcess } from './simulatedProcess.ts';
import { Trace, type Violation } from './trace.ts';
import { defaultOdds, type Odds } from './weatherKinds.ts';
import { createWorld, type World } from './world.ts';

export interface FaultNightOptions {
  /** Changes rows on their way to the tables. */
  tamper?: Tamper | undefined;
  /** Changes the partner that the seed has drawn. */
  adapt?: ((partner: Partner) => Partner) | undefined;
  /** Changes the days that the seed has drawn. */
  replan?: ((plan: DayPlan, start: StartProcess, world: World) => DayPlan) | undefined;
  /** Called once all is quiet, before the checks. */
  beforeChecks?: ((world: World, plans: DayPlan[]) => void) | undefined;
  onStep?: ((line: string) => void) | undefined;
  /** How probable each kind of weather is. */
  odds?: Odds;
}

export interface NightReport {
  seed: number;
  customers: number;
  dates: number;
  counts: Record<string, number>;
  violations: Violation[];
  /** Of everything that happened, in its order. */
  digest: string;
}

/** A process ends within its deadline and grace, or something holds it. */
const longestProcessMs = 3 * 3_600_000;

/** One seed's night, or several on end, from the first fault to the last check. */
export async function runFaultNight(
  seed: number,
  options: FaultNightOptions = {},
): Promise<NightReport> {
  const dice = new Dice(seed);
  const trace = new Trace(seed, options.onStep);
  const drawn = createPartner(seed, dice.named('partner'), options.odds ?? defaultOdds);
  const partner = options.adapt?.(drawn) ?? drawn;
  const [first = ''] = partner.dates;
  const world = createWorld(partner, dice.named('world'), trace, {
    start: `${first}T00:00:00Z`,
    tamper: options.tamper,
  });
  const onRejection = (reason: unknown) =>
    trace.report('unhandledRejections', reason instanceof Error ? `${reason.stack}` : `${reason}`);
  process.on('unhandledRejection', onRejection);
  try {
    await world.clock.run(liveThrough(world, partner, dice, options));
  } finally {
    process.off('unhandledRejection', onRejection);
  }
  for (const [fault, count] of Object.entries(world.simulator.statistics.faults)) {
    trace.count(`api.${fault}`, count);
  }
  return {
    seed,
    customers: partner.customers,
    dates: partner.dates.length,
    counts: trace.counts,
    violations: trace.violations,
    digest: trace.digest(),
  };
}

async function liveThrough(
  world: World,
  partner: Partner,
  dice: Dice,
  options: FaultNightOptions,
): Promise<void> {
  const { clock, trace } = world;
  const processes: SimulatedProcess[] = [];
  const start: StartProcess = (name, work, mishap) => {
    const own = dice.named(`process ${processes.length}`);
    const skewMs = pickSkewMs(own.named('clock'), partner.odds);
    const started = new SimulatedProcess(name, world, { mishap, skewMs });
    processes.push(started);
    trace.count('processes');
    if (name.startsWith('catchUp')) trace.count('catchUps');
    void started.run(work, own);
  };
  const plans = partner.dates.map((date) => {
    const plan = planDay(date, { world, partner, dice: dice.named(date), start });
    return options.replan?.(plan, start, world) ?? plan;
  });
  const happenings = plans.flatMap((plan) => plan.happenings).sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, act } of happenings) {
    if (atMs > clock.now()) await clock.sleep(atMs - clock.now());
    act();
  }
  await quietDown(world, partner, processes);
  options.beforeChecks?.(world, plans);
  await checkEnd(world, plans, partner);
}

/** Up to five minutes fast or slow. */
function pickSkewMs(dice: Dice, odds: Odds): number {
  return dice.chance(odds.processClock) ? dice.int(-300, 300) * 1000 : 0;
}

/** Waits until every process has ended; nothing of theirs may be left then. */
async function quietDown(
  world: World,
  partner: Partner,
  processes: readonly SimulatedProcess[],
): Promise<void> {
  const { clock, trace } = world;
  const untilMs = clock.now() + longestProcessMs;
  while (processes.some(({ isOver }) => !isOver) && clock.now() < untilMs) {
    await clock.sleep(10_000);
  }
  for (const { name, isOver } of processes) {
    if (!isOver) trace.report('ends', `${name} has not ended`);
  }
  clearUp(world, partner);
  // What the dead had sent is answered by then.
  await clock.sleep(2 * 60_000);
  if (clock.sleeping > 0) trace.report('timers', `${clock.sleeping} sleepers are left`);
}
