import type { Happening } from './daySchedule.ts';
import { nightly } from './daySchedule.ts';
import { type FaultNightOptions, type NightReport, runFaultNight } from './faultNight.ts';
import type { Mishap } from './lifeline.ts';
import type { Work } from './simulatedProcess.ts';
import type { World } from './world.ts';

export interface CalmStart {
  /** `02:30:00`, UTC. */
  at: string;
  work: Work;
  mishap?: Mishap;
}

export interface CalmNightOptions extends Pick<FaultNightOptions, 'tamper'> {
  date?: string;
  /** Default: the nightly run alone. */
  starts?: CalmStart[];
  beforeChecks?: (world: World) => void;
}

/** The nightly run, at the partner's own time. */
export const nightlyStart: CalmStart = { at: '02:30:00', work: nightly };

/** A night without any fault, so that whatever is reported was done to it on purpose. */
export function runCalmNight(options: CalmNightOptions = {}): Promise<NightReport> {
  const { date = '2026-03-10', starts = [nightlyStart], tamper, beforeChecks } = options;
  return runFaultNight(1, {
    tamper,
    beforeChecks,
    adapt: (partner) => ({
      ...partner,
      customers: 30,
      quirks: {},
      isCalm: false,
      lasting: undefined,
      schedule: '0 30 2 * * *',
      dates: [date],
      settings: {
        ...partner.settings,
        concurrency: 8,
        customers: 'all',
        discovery: 'usagerecords',
        depth: { level: 'resources', minimumCost: 1 },
      },
    }),
    replan: (_plan, start) => ({
      date,
      quietFromMs: Date.parse(date),
      happenings: starts.map(
        ({ at, work, mishap }, place): Happening => ({
          atMs: Date.parse(`${date}T${at}Z`),
          act: () => start(`start${place}`, work, mishap),
        }),
      ),
    }),
  });
}
