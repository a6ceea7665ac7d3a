import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isConfirmed } from '../../../src/cli/confirmation.ts';
import { ConfigurationError } from '../../../src/errors.ts';

const { signal } = new AbortController();

beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A terminal at which somebody types. */
function terminal() {
  return Object.assign(new PassThrough(), { isTTY: true });
}

it.each(['yes', 'y', 'YES', ' yes '])('%j goes on', async (answer) => {
  const input = terminal();
  input.write(`${answer}\n`);
  expect(await isConfirmed('Really?', signal, input)).toBe(true);
  expect(process.stderr.write).toHaveBeenCalledWith(expect.stringContaining('Really?'));
});

it.each(['', 'no', 'n', 'yess', 'yes please', 'ja', '1'])('%j does not', async (answer) => {
  const input = terminal();
  input.write(`${answer}\nyes\n`);
  expect(await isConfirmed('Really?', signal, input)).toBe(false);
});

it('an end of the input without an answer is an error that names --yes', async () => {
  const input = terminal();
  input.end();
  const error = await isConfirmed('Really?', signal, input).catch((reason) => reason);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain('--yes');
});

it('without a terminal asks nobody, reads nothing, and says what it would have asked', async () => {
  const input = new PassThrough();
  input.write('yes\n');
  const error = await isConfirmed('Really?', signal, input).catch((reason) => reason);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain('Really?');
  expect(error.message).toContain('--yes');
  expect(input.readableLength).toBe(4);
});

it('ends with the reason of the signal, also while it waits', async () => {
  const abort = new AbortController();
  const asked = isConfirmed('Really?', abort.signal, terminal());
  abort.abort(new Error('ended by SIGINT'));
  await expect(asked).rejects.toThrow('ended by SIGINT');
  await expect(isConfirmed('Really?', abort.signal, terminal())).rejects.toThrow('ended by SIGINT');
});
