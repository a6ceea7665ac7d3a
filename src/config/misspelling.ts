import leven from 'leven';
import { allSettings } from './settings.ts';

/** A variable that is named like a setting, and is none. */
export interface Misspelling {
  name: string;
  /** The setting whose name is the most alike. */
  nearest: string;
}

const settingNames = Object.keys(allSettings.shape);

/** The environment's variables with a prefix that is ours, and a name that no setting has. */
export function findMisspellings(env: NodeJS.ProcessEnv = process.env): Misspelling[] {
  const isOurs = (name: string) => /^(?:SNAPSHOT|PARTNER_CENTER)_/i.test(name);
  return Object.keys(env)
    .filter((name) => isOurs(name) && !settingNames.includes(name))
    .map((name) => ({ name, nearest: nearestTo(name) }));
}

function nearestTo(name: string): string {
  const distances = settingNames.map((each) => leven(each, name.toUpperCase()));
  return settingNames[distances.indexOf(Math.min(...distances))] ?? '';
}
