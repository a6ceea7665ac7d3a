import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages of package-lock.json. */

interface LockedPackage {
  version: string;
  license?: string;
  /** Only development needs it. */
  dev?: boolean;
}

export const root = join(import.meta.dirname, '..');

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const locked = Object.entries(packages).filter(([place]) => place !== '');
const needed = locked.filter(([, { dev }]) => !dev);

const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 13);

/** Names of packages of which development alone needs a version. */
export function listDevelopmentPackages(): string[] {
  const names = new Set(needed.map(([place]) => nameOf(place)));
  return [...new Set(locked.map(([place]) => nameOf(place)))].filter((name) => !names.has(name));
}

/** The folders, from the root, of what `npm install --omit=dev` installs. */
export function listNeededPlaces(): string[] {
  return needed.map(([place]) => place);
}

/** What a package says of its licence, to keep with copies of its code. */
export function readLicense(place: string): string {
  const { version, license = 'no licence named' } = packages[place] ?? {};
  const texts = readdirSync(join(root, place))
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .toSorted()
    .map((file) =>
      readFileSync(join(root, place, file), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim(),
    );
  return [`${nameOf(place)} ${version} (${license})`, ...texts].join('\n\n');
}
