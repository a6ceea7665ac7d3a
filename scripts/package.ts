import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeDeploymentPackage } from './deploymentPackage.ts';
import { listNeededPlaces, root } from './installedPackages.ts';
import { timeStarts } from './startTime.ts';

/** Makes the folder `package`, and prints the result of bundling. */

const folder = join(root, 'package');

function listSizes(path: string): number[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
}

/** Of packages without those inside them, which have a place of their own. */
function listPackageSizes(place: string): number[] {
  return readdirSync(join(root, place), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => {
      const path = join(root, place, entry.name);
      return entry.isDirectory() ? listSizes(path) : statSync(path).size;
    });
}

function describe(label: string, sizes: number[], times: number[]): string {
  const mebibytes = sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
  const medianMs = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  return [
    label.padEnd(34),
    `${mebibytes.toFixed(1).padStart(6)} MiB`,
    `${String(sizes.length).padStart(6)} files`,
    `${medianMs.toFixed(0).padStart(6)} ms to registered functions`,
  ].join('');
}

await makeDeploymentPackage(folder);

const { bundled, unbundled } = await timeStarts(folder);
const unbundledSizes = [
  ...listSizes(join(root, 'dist')),
  ...listNeededPlaces().flatMap(listPackageSizes),
];
console.log(describe(relative('', folder), listSizes(folder), bundled));
console.log(describe('dist and production node_modules', unbundledSizes, unbundled));
