import { afterEach, describe, expect, it } from 'vitest';
import { type LoginListener, startLoginListener } from '../../../src/sign-in/loginListener.ts';

const anHourMs = 3_600_000;
const listeners: LoginListener[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

async function start() {
  const listener = await startLoginListener();
  listeners.push(listener);
  const get = async (query: string) => (await fetch(`${listener.redirectUri}/?${query}`)).status;
  return { listener, get };
}

describe('the listener', () => {
  it('takes nothing before a sign-in waits, and nothing after it has come', async () => {
    const { listener, get } = await start();
    expect(await get('code=early&state=s')).toBe(400);
    const query = listener.receive('s', anHourMs, new AbortController().signal);
    expect(await get('code=first&state=s')).toBe(200);
    expect(await get('code=second&state=s')).toBe(400);
    expect((await query).get('code')).toBe('first');
  });

  it('takes an error in place of a code', async () => {
    const { listener, get } = await start();
    const query = listener.receive('s', anHourMs, new AbortController().signal);
    expect(await get('error=access_denied&state=s')).toBe(200);
    expect((await query).get('error')).toBe('access_denied');
  });

  it('gives up after its time, and takes nothing from then on', async () => {
    const { listener, get } = await start();
    const query = listener.receive('s', 6, new AbortController().signal);
    await expect(query).rejects.toThrow('no user has signed in within 0.0001 minutes');
    expect(await get('code=late&state=s')).toBe(400);
  });

  it('ends with the reason of its signal', async () => {
    const { listener } = await start();
    const abort = new AbortController();
    const query = listener.receive('s', anHourMs, abort.signal);
    abort.abort(new Error('ended by SIGINT'));
    await expect(query).rejects.toThrow('ended by SIGINT');
    await expect(listener.receive('s', anHourMs, abort.signal)).rejects.toThrow('ended by SIGINT');
  });
});
