import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError, FatalError, RetriableError } from '../../../src/errors.ts';
import { createRefreshTokenFile } from '../../../src/sign-in/refreshTokenFile.ts';
import {
  createRefreshTokenKeyVault,
  type SecretVault,
} from '../../../src/sign-in/refreshTokenKeyVault.ts';
import {
  createReadOnlyRefreshTokenStore,
  startingFrom,
} from '../../../src/sign-in/refreshTokenStore.ts';
import { needFileModes, skipTest } from '../../support/platform.ts';

const oldToken = '1.Marked-old';
const newToken = '1.Marked-new';

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => expect.unreachable('expected a rejection'),
    (error: unknown) => error,
  );
}

describe('in a file', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'refresh-token-'));
    path = join(folder, 'token');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('what was set is got, with the time it was stored', async () => {
    const store = createRefreshTokenFile(path);
    await store.set(newToken);
    const storedAt = new Date('2026-01-01T00:00:00Z');
    await utimes(path, storedAt, storedAt);
    expect(await store.get()).toEqual({ token: newToken, storedAt: storedAt.getTime() });
  });

  test('a file that is missing or empty holds no token', async () => {
    expect(await createRefreshTokenFile(path).get()).toBeUndefined();
    await writeFile(path, ' \n', { mode: 0o600 });
    expect(await createRefreshTokenFile(path).get()).toBeUndefined();
  });

  test('white space around the token is no part of it', async () => {
    await writeFile(path, `\n${oldToken}\r\n`, { mode: 0o600 });
    expect(await createRefreshTokenFile(path).get()).toMatchObject({ token: oldToken });
  });

  test('the token is replaced, and nothing is left beside it', async () => {
    const store = createRefreshTokenFile(path);
    await store.set(oldToken);
    await store.set(newToken);
    expect(await readFile(path, 'utf8')).toBe(`${newToken}\n`);
    expect(await readdir(folder)).toEqual(['token']);
  });

  test('the token is replaced as a whole: nobody ever sees half of one', async (context) => {
    if (process.platform === 'win32')
      skipTest(context, 'Windows numbers files by more digits than a number holds');
    const store = createRefreshTokenFile(path);
    await store.set(oldToken);
    const before = await stat(path);
    await store.set(newToken);
    // Another file under the same name.
    expect((await stat(path)).ino).not.toBe(before.ino);
  });

  test('a token that cannot be stored leaves no other file, and the message does not tell it', async () => {
    const store = createRefreshTokenFile(join(folder, 'missing', 'token'));
    const error = await rejectionOf(store.set(newToken));
    expect(inspect(error, { depth: 9 })).toContain('ENOENT');
    expect(inspect(error, { depth: 9 })).not.toContain(newToken);
    // A folder under the token's name: the rename fails after the writing.
    await mkdir(path);
    await rejectionOf(createRefreshTokenFile(path).set(newToken));
    expect(await readdir(folder)).toEqual(['token']);
  });

  test('a path that cannot be read stops the run', async () => {
    const error = await rejectionOf(createRefreshTokenFile(folder).get());
    expect(error).toBeInstanceOf(FatalError);
    expect(String(error)).toContain('PARTNER_CENTER_REFRESH_TOKEN_FILE');
  });

  test('the owner alone can read the file', async (context) => {
    needFileModes(context);
    await createRefreshTokenFile(path).set(newToken);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.for([0o644, 0o640, 0o602])(
    'a file of mode %o is refused with the cure',
    async (mode, context) => {
      needFileModes(context);
      await writeFile(path, oldToken);
      await chmod(path, mode);
      const error = await rejectionOf(createRefreshTokenFile(path).get());
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(String(error)).toContain(`chmod 600 ${path}`);
      expect(String(error)).toContain(`mode 0${mode.toString(8)}`);
    },
  );
});

describe('in Key Vault', () => {
  const createdOn = new Date('2026-01-01T00:00:00Z');

  const vaultUri = 'https://some.vault.azure.net';

  function vaultWith(overrides: Partial<SecretVault>, options: { givesUpEarly?: boolean } = {}) {
    const written: [string, string][] = [];
    const vault: SecretVault = {
      getSecret: async () => ({ value: ` ${oldToken} `, properties: { createdOn } }),
      setSecret: async (name, value) => {
        written.push([name, value]);
      },
      getDeletedSecret: () => Promise.reject(restError(404, 'SecretNotFound')),
      ...overrides,
    };
    const store = createRefreshTokenKeyVault({ vault, vaultUri, secretName: 'token', ...options });
    return { store, written };
  }

  /** As the SDK throws it: with the request, whose body is the secret. */
  function restError(statusCode: number | undefined, code: string): Error {
    const request = { body: JSON.stringify({ value: newToken }) };
    return Object.assign(new Error(`no: ${newToken}`), {
      name: 'RestError',
      statusCode,
      code,
      request,
    });
  }

  test('the newest version is got, with the time it was created', async () => {
    const { store } = vaultWith({});
    expect(await store.get()).toEqual({ token: oldToken, storedAt: createdOn.getTime() });
  });

  test('setting adds a version', async () => {
    const { store, written } = vaultWith({});
    await store.set(newToken);
    expect(written).toEqual([['token', newToken]]);
  });

  test('every call has a time limit', async () => {
    const signals: unknown[] = [];
    const { store } = vaultWith({
      getSecret: async (_name, options) => {
        signals.push(options.abortSignal);
        return { properties: {} };
      },
      setSecret: async (_name, _value, options) => {
        signals.push(options.abortSignal);
      },
    });
    await store.get();
    await store.set(newToken);
    expect(signals).toEqual([expect.any(AbortSignal), expect.any(AbortSignal)]);
  });

  test('a secret that is missing or empty is no token', async () => {
    const missing = vaultWith({
      getSecret: () => Promise.reject(restError(404, 'SecretNotFound')),
    });
    expect(await missing.store.get()).toBeUndefined();
    const empty = vaultWith({ getSecret: async () => ({ value: '', properties: {} }) });
    expect(await empty.store.get()).toBeUndefined();
  });

  test.each([
    [403, 'Forbidden', FatalError, 'AZURE_403', 'Key Vault Secrets Officer'],
    [429, 'Throttled', RetriableError, 'Throttled', '429'],
    [503, 'ServiceUnavailable', RetriableError, 'ServiceUnavailable', '503'],
    [undefined, 'ENOTFOUND', RetriableError, 'ENOTFOUND', 'ENOTFOUND'],
  ])('%s %s tells what to do, and not the token', async (status, code, kind, expected, text) => {
    const fail = () => Promise.reject(restError(status, code));
    const { store } = vaultWith({ getSecret: fail, setSecret: fail });
    for (const error of [await rejectionOf(store.get()), await rejectionOf(store.set(newToken))]) {
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ code: expected, message: expect.stringContaining(text) });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(newToken);
    }
  });

  /** As the service says it, and as its SDK does. */
  const conflicts = [
    (code: string) => ({ error: { code: 'Conflict', innererror: { code } } }),
    (code: string) => ({ error: { code: 'Conflict', innerError: { code } } }),
  ];
  const names = '--vault-name some --name token';

  test.each(conflicts)('a deleted secret is to be recovered', async (details) => {
    const error = Object.assign(restError(409, 'Conflict'), {
      details: details('ObjectIsDeletedButRecoverable'),
    });
    const { store } = vaultWith({ setSecret: () => Promise.reject(error) });
    expect(await rejectionOf(store.set(newToken))).toMatchObject({
      name: 'FatalError',
      code: 'ObjectIsDeletedButRecoverable',
      message: expect.stringContaining(`recover it: \`az keyvault secret recover ${names}\``),
    });
  });

  test('a deleted secret is to be recovered, which the one who reads it is told too', async () => {
    const { store } = vaultWith({
      getSecret: () => Promise.reject(restError(404, 'SecretNotFound')),
      getDeletedSecret: async () => ({ name: 'token' }),
    });
    expect(await rejectionOf(store.get())).toMatchObject({
      name: 'FatalError',
      code: 'ObjectIsDeletedButRecoverable',
      message: expect.stringContaining(`recover it: \`az keyvault secret recover ${names}\``),
    });
  });

  test.each([
    ['as the inner code', restError(403, 'Forbidden'), { innererror: { code: 'SecretDisabled' } }],
    ['as the code', restError(403, 'SecretDisabled'), {}],
  ])('a disabled secret is to be enabled (%s)', async (_where, error, inner) => {
    const details = { error: { code: 'Forbidden', ...inner } };
    const fail = () => Promise.reject(Object.assign(error, { details }));
    const { store } = vaultWith({ getSecret: fail });
    expect(await rejectionOf(store.get())).toMatchObject({
      name: 'FatalError',
      code: 'SecretDisabled',
      message: expect.stringContaining(
        `enable it: \`az keyvault secret set-attributes ${names} --enabled true\``,
      ),
    });
  });

  test.each(['ObjectIsBeingRecovered', 'ObjectIsBeingDeleted'])('%s passes', async (code) => {
    const details = { error: { code: 'Conflict', innererror: { code } } };
    const fail = () => Promise.reject(Object.assign(restError(409, 'Conflict'), { details }));
    const { store } = vaultWith({ getSecret: fail, setSecret: fail });
    for (const error of [await rejectionOf(store.get()), await rejectionOf(store.set(newToken))]) {
      expect(error).toMatchObject({ name: 'RetriableError', code });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(newToken);
    }
  });

  test('a certificate that is not trusted ends it, unless the vault has answered before', async () => {
    let isTrusted = false;
    const { store } = vaultWith({
      getSecret: async () => {
        if (!isTrusted) throw restError(undefined, 'SELF_SIGNED_CERT_IN_CHAIN');
        return { properties: {} };
      },
    });
    expect(await rejectionOf(store.get())).toMatchObject({
      name: 'FatalError',
      message: expect.stringMatching(
        /certificate of some\.vault\.azure\.net .*NODE_EXTRA_CA_CERTS/,
      ),
    });
    isTrusted = true;
    await store.get();
    isTrusted = false;
    expect(await rejectionOf(store.get())).toMatchObject({ name: 'RetriableError' });
  });

  test('a vault that cannot be reached is given up at a terminal, with what a proxy would need', async () => {
    const fail = () => Promise.reject(restError(undefined, 'ENOTFOUND'));
    const { store } = vaultWith({ getSecret: fail }, { givesUpEarly: true });
    expect(await rejectionOf(store.get())).toMatchObject({
      name: 'FatalError',
      message: expect.stringMatching(/some\.vault\.azure\.net cannot be reached .*HTTPS_PROXY/),
    });
  });

  test('where nobody can sign in to Azure, it says so at once', async () => {
    const error = Object.assign(new Error('no'), { name: 'AggregateAuthenticationError' });
    const { store } = vaultWith({ getSecret: () => Promise.reject(error) });
    expect(await rejectionOf(store.get())).toMatchObject({
      name: 'FatalError',
      code: 'NO_AZURE_IDENTITY',
    });
  });
});

describe('from the settings', () => {
  test('the token is got and cannot be set', async () => {
    const store = createReadOnlyRefreshTokenStore(` ${oldToken}\n`);
    expect(await store.get()).toEqual({ token: oldToken, isFromSettings: true });
    expect(await rejectionOf(store.set(newToken))).toMatchObject({
      code: 'REFRESH_TOKEN_STORE_READ_ONLY',
    });
    expect(await createReadOnlyRefreshTokenStore(' ').get()).toBeUndefined();
  });

  test('a token to start from counts as long as the store is empty', async () => {
    let stored: string | undefined;
    const store = startingFrom(oldToken, {
      get: async () => (stored ? { token: stored, storedAt: 1 } : undefined),
      set: async (token) => {
        stored = token;
      },
    });
    expect(await store.get()).toEqual({ token: oldToken, isFromSettings: true });
    await store.set(newToken);
    expect(await store.get()).toEqual({ token: newToken, storedAt: 1 });
  });
});
