import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError, FatalError } from '../errors.ts';
import type { RefreshTokenStore } from './refreshTokenStore.ts';

const isWindows = process.platform === 'win32';

/**
 * The refresh token in a file of mode 0600, replaced atomically: after a crash at any moment it
 * holds the old token or the new one.
 *
 * `get` throws a ConfigurationError where others may read the file (not on Windows, whose files
 * have no such mode) and a FatalError where it cannot be read.
 */
export function createRefreshTokenFile(path: string): RefreshTokenStore {
  return {
    get: () => read(path),
    set: (token) => replace(path, `${token}\n`),
  };
}

async function read(path: string) {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(error);
  }
  try {
    const { mode, mtimeMs } = await file.stat();
    if (!isWindows && (mode & 0o077) !== 0) {
      throw new ConfigurationError([
        `PARTNER_CENTER_REFRESH_TOKEN_FILE: expected a file that its owner alone may read, got ` +
          `mode ${(mode & 0o777).toString(8).padStart(4, '0')}; run: chmod 600 ${path}`,
      ]);
    }
    const token = (await file.readFile('utf8')).trim();
    return token ? { token, storedAt: mtimeMs } : undefined;
  } catch (error) {
    throw error instanceof ConfigurationError ? error : unreadable(error);
  } finally {
    await file.close();
  }
}

/** Writes a temporary file in the same folder, as a rename is atomic only within a file system. */
async function replace(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (!isWindows) await syncFolder(dirname(path));
}

/** A rename survives a power failure once its folder is synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}

function unreadable(error: unknown): FatalError {
  // Node's error quotes the path, which is the token itself if the two settings were swapped.
  const code = codeOf(error);
  return new FatalError(code, `PARTNER_CENTER_REFRESH_TOKEN_FILE cannot be read (${code})`);
}
