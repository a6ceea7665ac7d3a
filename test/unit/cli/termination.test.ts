import { afterEach, expect, it, vi } from 'vitest';
import { untilTerminated } from '../../../src/cli/termination.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function countListeners() {
  return process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
}

/** Work that ends with the reason for which it is told to. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve(String(signal.reason)));
  });

it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
  'lets work end in order at the first %s, which its reason names',
  async (name) => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const ended = untilTerminated(untilAborted);
    process.emit(name, name);
    expect(await ended).toBe(`Error: ended by ${name}`);
  },
);

it('ends at once, with exit code 1, at the second signal', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exited');
  });
  const work = Promise.withResolvers<void>();
  const ended = untilTerminated(() => work.promise);
  process.emit('SIGINT', 'SIGINT');
  expect(exit).not.toHaveBeenCalled();
  expect(() => process.emit('SIGTERM', 'SIGTERM')).toThrow('exited');
  expect(exit).toHaveBeenCalledWith(1);
  work.resolve();
  await ended;
});

it('leaves no listener behind, whether the work succeeds or fails', async () => {
  const before = countListeners();
  await untilTerminated(async () => expect(countListeners()).toBe(before + 2));
  await expect(untilTerminated(() => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
  expect(countListeners()).toBe(before);
});
