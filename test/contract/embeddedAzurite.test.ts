import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startAzurite } from '../../src/cli/embeddedAzurite.ts';

const moduleUrl = new URL('../../src/cli/embeddedAzurite.ts', import.meta.url).href;

/** Resolves to the port a server got, or rejects where it is taken; the port is free again then. */
async function bind(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilFree(port: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    try {
      await bind(port);
      return;
    } catch {
      await delay(50);
    }
  }
  throw new Error(`expected port ${port} to become free`);
}

test('the emulator answers once it is started, and its port is free once it is stopped', async () => {
  const azurite = await startAzurite();
  await expect(bind(azurite.port)).rejects.toThrow('EADDRINUSE');
  await Promise.all([azurite.stop(), azurite.stop()]);
  await azurite.stop();
  expect(await bind(azurite.port)).toBe(azurite.port);
});

test('a port that is insisted on is used', async () => {
  const port = await bind(0);
  const azurite = await startAzurite({ port });
  await azurite.stop();
  expect(azurite.port).toBe(port);
  expect(azurite.connectionString).toContain(`TableEndpoint=http://127.0.0.1:${port}/`);
});

test('an emulator that cannot start says why in its own words', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(startAzurite({ port })).rejects.toThrow(/EADDRINUSE/);
  server.close();
});

test('the emulator ends with its parent, even if that is killed', async () => {
  // It ends with the test's own process too, should that be stopped in the middle.
  const script = `
    process.stdin.on('end', () => process.exit()).resume();
    const { startAzurite } = await import(${JSON.stringify(moduleUrl)});
    console.log((await startAzurite()).port);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout.setEncoding('utf8'), 'data');
  const port = Number(line);
  await expect(bind(port)).rejects.toThrow('EADDRINUSE');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await untilFree(port);
});
