import { loadFunctions } from '../test/support/functionHost.ts';

/** In milliseconds, of one start each. */
export interface StartTimes {
  bundled: number[];
  unbundled: number[];
}

/** Starts the deployment package in `folder` and the app in `dist`, in turn. */
export function timeStarts(folder: string, rounds = 11): Promise<StartTimes> {
  return timeStartsOf({ bundled: folder, unbundled: undefined }, rounds);
}

/**
 * Starts the apps in these folders, `undefined` for the one in `dist`, in turn, so that a busy
 * moment of the machine affects all.
 */
export async function timeStartsOf<Name extends string>(
  folders: Record<Name, string | undefined>,
  rounds = 11,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(folders) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await timeStart(folders[name]));
  }
  return times;
}

/** From the start of the process until every function is registered. */
async function timeStart(app?: string): Promise<number> {
  const startedAtMs = performance.timeOrigin + performance.now();
  const { registeredAtMs } = await loadFunctions({}, {}, app);
  return registeredAtMs - startedAtMs;
}
