import { afterAll, describe, expect, it } from 'vitest';
import {
  endAll,
  findClosedPort,
  printed,
  runCommandLine,
  secrets,
  startPartner,
  storageAt,
} from '../support/commandLine.ts';

afterAll(endAll);

/** They wait for the storage to come back, each for seconds and all at the same time. */
describe.concurrent('where no storage answers', () => {
  it.each([['snapshot'], ['snapshot --json'], ['snapshot --force']])(
    '%s says so, asks nothing of Partner Center, and ends with exit code 1',
    async (args) => {
      const { simulator, settings } = await startPartner();
      const { exitCode, stderr } = await runCommandLine(args.split(' '), settings);
      expect(stderr).toMatch(/^table \w+: ECONNREFUSED.*127\.0\.0\.1:\d+/m);
      expect(simulator.statistics.requests).toBe(0);
      expect(exitCode).toBe(1);
    },
  );

  it.each([['runs'], ['runs --json']])('%s says so, and ends with exit code 1', async (args) => {
    const { settings } = await startPartner();
    const { exitCode, stdout, stderr } = await runCommandLine(args.split(' '), settings);
    expect(stderr).toMatch(
      /^table \w+, .+: ECONNREFUSED: 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)\n$/,
    );
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it('doctor names the setting to check, after all other checks, with exit code 1', async () => {
    const port = await findClosedPort();
    const blobs = `BlobEndpoint=http://127.0.0.1:${port}/devstoreaccount1`;
    const { settings } = await startPartner({}, `${storageAt(port)};${blobs}`);
    const { exitCode, stdout } = await runCommandLine(['doctor'], settings);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-2)).toMatch(/^BAD {2}tables: .*ECONNREFUSED.*; check SNAPSHOT_STORAGE/);
    expect(lines.at(-1)).toMatch(/^BAD {2}blobs: container .*ECONNREFUSED/);
    expect(lines).toHaveLength(14);
    for (const line of lines.slice(0, -2)) expect(line).toMatch(/^ok /);
    expect(exitCode).toBe(1);
  });
});

it('no call prints the key of a storage that does not answer, or another secret', async () => {
  const { settings } = await startPartner();
  expect((await runCommandLine(['usage'], settings)).exitCode).toBe(0);
  expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
});
