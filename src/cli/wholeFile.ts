import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ConfigurationError, messageOf } from '../errors.ts';

/**
 * Writes a file that only its owner may read (mode 0600), waiting for a slow disk. It gets its name
 * once it is complete and on the disk.
 *
 * @throws ConfigurationError where the file exists already, or cannot be created
 */
export async function writeWholeFile(
  path: string,
  chunks: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  await expectNoFile(path);
  await writeBeside(path, async (partial) => {
    await createEmpty(partial);
    try {
      await pipeline(chunks, createWriteStream(partial, { flags: 'r+', flush: true }), { signal });
    } catch (error) {
      // The signal's reason is more specific than the stream's error.
      signal.throwIfAborted();
      throw error;
    }
    // It may have been created in the meantime.
    await expectNoFile(path);
  });
}

/**
 * Lets a file be written as `<path>.<random>.partial`, which remains only where the process is
 * killed, and gives it its name then.
 */
export async function writeBeside(
  path: string,
  write: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await write(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** @throws ConfigurationError */
export async function expectNoFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  throw new ConfigurationError([`--output: expected a file that is not there yet, got ${path}`]);
}

async function createEmpty(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
  } catch (error) {
    throw new ConfigurationError([`--output: ${messageOf(error)}`], { cause: error });
  }
}
