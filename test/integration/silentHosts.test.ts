import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHistory } from '../../src/app/openTables.ts';
import { loadHistoryConfig } from '../../src/config/loadConfig.ts';
import { startApiServer } from '../../src/http/apiServer.ts';
import {
  endAll,
  runCommandLine,
  startCommandLine,
  startPartner,
  storageAt,
} from '../support/commandLine.ts';
import { startSilentServer } from '../support/silentServer.ts';

let silent: Awaited<ReturnType<typeof startSilentServer>>;

beforeAll(async () => {
  silent = await startSilentServer();
});
afterAll(async () => {
  await endAll();
  await silent.close();
});

it('a store that never answers is answered for by 503, within seconds', async () => {
  const context = openHistory(loadHistoryConfig({ SNAPSHOT_STORAGE: storageAt(silent.port) }));
  const errors: unknown[] = [];
  const server = await startApiServer({
    isAllowed: () => true,
    openHistory: async () => context,
    listBadSettings: () => [],
    onError: (error) => errors.push(error),
    now: () => Date.now(),
  });
  try {
    // Whoever watches the health gives up after that time.
    const signal = AbortSignal.timeout(15_000);
    const answers = await Promise.all(
      ['health', 'customers', 'totals', 'runs'].map(async (path) => {
        const answer = await fetch(`${server.url}/api/${path}`, { signal });
        return [answer.status, await answer.json()];
      }),
    );
    const problem = expect.objectContaining({ detail: 'The tables cannot be read at the moment.' });
    expect(answers).toEqual([
      [503, expect.objectContaining({ reasons: ['the tables cannot be read'] })],
      [503, problem],
      [503, problem],
      [503, problem],
    ]);
    expect(String(errors[0])).toContain(
      `127.0.0.1:${silent.port} cannot be reached (no answer within 10 s)`,
    );
  } finally {
    await server.close();
  }
});

it('`doctor` gives up hosts that never answer, names them, and goes on', async () => {
  const host = `127.0.0.1:${silent.port}`;
  const storage = `${storageAt(silent.port)};BlobEndpoint=http://${host}/devstoreaccount1`;
  const { settings } = await startPartner({}, storage);
  const env = { ...settings, PARTNER_CENTER_AUTHORITY_HOST: `https://${host}` };
  // Each of the three hosts takes its time.
  const { exitCode, stdout } = await startCommandLine(['doctor'], env, { longestRunMs: 60_000 })
    .ended;
  expect(stdout).toMatch(new RegExp(`^BAD {2}sign-in: POST .* ${host} cannot be reached`, 'm'));
  expect(stdout).toMatch(/^-- {3}customers: not asked: there is no access token$/m);
  expect(stdout).toMatch(new RegExp(`^BAD {2}tables: .* ${host} cannot be reached`, 'm'));
  expect(stdout).toMatch(new RegExp(`^BAD {2}blobs: .* ${host} cannot be reached`, 'm'));
  expect(exitCode).toBe(1);
});

it('`usage` gives up a host that never answers, and names it', async () => {
  const { settings } = await startPartner();
  const host = `127.0.0.1:${silent.port}`;
  const before = silent.connections();
  const { exitCode, stderr } = await runCommandLine(['usage'], {
    ...settings,
    PARTNER_CENTER_BASE_URL: `https://${host}`,
  });
  expect(stderr).toMatch(
    new RegExp(`^GET /v1/usagesummary got no answer: ${host} cannot be reached \\(\\w+\\)\n$`),
  );
  expect(silent.connections() - before).toBe(1);
  expect(exitCode).toBe(1);
});
