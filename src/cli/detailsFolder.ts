import { mkdir, opendir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DetailsArchive } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import { RowProgress } from './rowProgress.ts';
import { writeBeside } from './wholeFile.ts';

/** What became of the blobs that were to be copied. */
export interface CopiedBlobs {
  directory: string;
  added: number;
  alreadyThere: number;
}

type Dates = Parameters<DetailsArchive['forEach']>[0];
type Blob = Parameters<Parameters<DetailsArchive['forEach']>[1]>[0];

const maxNamesInError = 10;

/**
 * Copies blobs into a folder, a file for each. A file of the size and time of its blob stays; one
 * that the blob has changed since is replaced.
 *
 * @throws ConfigurationError where there can be no such folder
 */
export async function exportDetails(
  details: DetailsArchive,
  directory: string,
  dates: Dates,
  abortSignal: AbortSignal,
): Promise<CopiedBlobs> {
  const progress = createProgress();
  await orBadFolder(() => mkdir(directory, { recursive: true, mode: 0o700 }));
  const copy = async (blob: Blob) => {
    const path = join(directory, ...blob.name.split('/'));
    if (await isCopied(path, blob)) return progress.add('alreadyThere', 1);
    const content = await details.read(blob.name, { abortSignal });
    if (!content) return;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const modified = new Date(blob.modifiedMs);
    await writeBeside(path, async (partial) => {
      await writeFile(partial, content, { mode: 0o600, flush: true });
      await utimes(partial, modified, modified);
    });
    progress.add('added', 1);
  };
  await details.forEach(dates, copy, { abortSignal });
  return copiedBlobs(directory, progress);
}

/**
 * Adds the blobs of such a folder that are missing; existing ones stay as they are.
 *
 * @throws ConfigurationError where it is no such folder
 */
export async function importDetails(
  details: DetailsArchive,
  directory: string,
  abortSignal: AbortSignal,
): Promise<CopiedBlobs> {
  const progress = createProgress();
  await details.addMissing(listFiles(directory), (name) => readFile(join(directory, name)), {
    onBlob: (isAdded) => progress.add(isAdded ? 'added' : 'alreadyThere', 1),
    abortSignal,
  });
  return copiedBlobs(directory, progress);
}

/** @throws ConfigurationError naming files that are no blobs of an export */
export async function checkDetails(details: DetailsArchive, directory: string): Promise<void> {
  const problems: string[] = [];
  await orBadFolder(async () => {
    for await (const name of listFiles(directory)) {
      if (details.isName(name)) continue;
      problems.push(
        `--details: expected only files ${details.naming} in ${directory}, got ${name}`,
      );
      if (problems.length === maxNamesInError) break;
    }
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** @param place where they are now */
export function describeCopied({ added, alreadyThere }: CopiedBlobs, place: string): string {
  return `${added} blobs added to ${place}, ${alreadyThere} already there`;
}

function createProgress(): RowProgress {
  return new RowProgress(['added', 'alreadyThere'], systemClock, 'blobs');
}

function copiedBlobs(directory: string, { counts }: RowProgress): CopiedBlobs {
  const { added = 0, alreadyThere = 0 } = counts;
  return { directory, added, alreadyThere };
}

async function isCopied(path: string, { bytes, modifiedMs }: Blob): Promise<boolean> {
  const file = await stat(path).catch(() => undefined);
  return file?.size === bytes && secondsOf(file.mtimeMs) === secondsOf(modifiedMs);
}

/** File systems keep other parts of a second, or none. */
function secondsOf(ms: number): number {
  return Math.floor(ms / 1000);
}

/** The paths of all files below a folder, parted by `/`; without what a killed export has left. */
async function* listFiles(directory: string, below = ''): AsyncGenerator<string> {
  for await (const entry of await opendir(join(directory, below))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* listFiles(directory, name);
    else if (!name.endsWith('.partial')) yield name;
  }
}

async function orBadFolder<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ConfigurationError([`--details: ${messageOf(error)}`], { cause: error });
  }
}
