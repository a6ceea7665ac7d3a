import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ConfigurationError, messageOf } from '../errors.ts';

/**
 * Writes a file that its owner alone may read (mode 0600), as fast as the disk takes it. It gets
 * its name once it is whole and on the disk: until then it is `<path>.<random>.partial`, which
 * stays behind only where the process is killed.
 *
 * @throws ConfigurationError where there is such a file already, or none can be put there
 */
export async function writeWholeFile(
  path: string,
  chunks: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  await expectNoFile(path);
  const partial = `${path}.${randomUUID()}.partial`;
  await createEmpty(partial);
  try {
    await pipeline(chunks, createWriteStream(partial, { flags: 'r+', flush: true }), { signal });
    // It may have come meanwhile.
    await expectNoFile(path);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    // What a stream says of its end is less than why it had to end.
    signal.throwIfAborted();
    throw error;
  }
}

async function expectNoFile(path: string): Promise<void> {
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
