import { loadFunctions } from '../test/support/functionHost.ts';

/** In milliseconds, of one start each. */
export interface StartTimes {
  bundled: number[];
  unbundled: number[];
}

/**
 * Starts the deployment package in `folder` and the app in `dist`, in turn, so that a busy moment
 * of the machine affects both.
 */
export async function timeStarts(folder: string, rounds = 11): Promise<StartTimes> {
  const times: StartTimes = { bundled: [], unbundled: [] };
  for (let round = 0; round < rounds; round++) {
    times.bundled.push(await timeStart(folder));
    times.unbundled.push(await timeStart());
  }
  return times;
}

/** From the start of the process until every function is registered. */
async function timeStart(app?: string): Promise<number> {
  const startedAtMs = performance.timeOrigin + performance.now();
  const { registeredAtMs } = await loadFunctions({}, {}, app);
  return registeredAtMs - startedAtMs;
}
