import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import { parseFaults } from '../simulator/faults.ts';
import { parseQuirks } from '../simulator/namedQuirks.ts';
import { utcDateOf } from '../usage/date.ts';
import { toSettingsLine } from './settingsLine.ts';
import { startSimulatedPartner } from './simulatedPartner.ts';
import { type ExitCode, exitCodes, print, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';
import { createTravellingClock } from './travellingClock.ts';

export interface SimulateOptions {
  port: number;
  customers: number;
  seed: number;
  date?: string;
  faults: string;
  quirks: string;
  clientSecret?: string;
}

/** A simulated Partner Center with its sign-in endpoint, until Ctrl-C; prints the settings to use it. */
export async function simulate({ date, ...options }: SimulateOptions): Promise<ExitCode> {
  const faults = readNames('--faults', options.faults, parseFaults);
  const quirks = readNames('--quirks', options.quirks, parseQuirks);
  return await untilTerminated(async (signal) => {
    const nowMs = systemClock.now();
    const dateMs = Date.parse(date ?? utcDateOf(nowMs));
    const clock = createTravellingClock(dateMs + (nowMs % 86_400_000));
    const partner = await startSimulatedPartner({ ...options, faults, quirks, clock });
    const folder = await mkdtemp(join(tmpdir(), 'usage-snapshots-simulate-'));
    try {
      // Without a file, each command would warn that the renewed token is lost.
      const tokenFile = join(folder, 'refresh-token');
      const settings = { ...partner.settings, PARTNER_CENTER_REFRESH_TOKEN_FILE: tokenFile };
      for (const [name, value] of Object.entries(settings)) print(`${name}=${value}`);
      printProgress(`For another terminal, beside the settings of its storage:`);
      printProgress(toSettingsLine(settings));
      printProgress(`Partner Center is simulated at ${partner.url}, Ctrl-C ends it`);
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await partner.close();
      await rm(folder, { recursive: true });
    }
    return exitCodes.done;
  });
}

function readNames<T>(option: string, names: string, parse: (names: string) => T): T {
  try {
    return parse(names);
  } catch (error) {
    throw new ConfigurationError([`${option}: ${messageOf(error)}`]);
  }
}
