import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineError, splitLines } from '../../../../src/storage/archive/lines.ts';

async function split(bytes: Uint8Array, chunkBytes: number) {
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  };
  return await Array.fromAsync(splitLines(chunks()));
}

it('gives each line once, however the file is cut into chunks', async () => {
  const line = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((text) => !text.includes('\n') && !text.startsWith('\uFEFF') && text.trim() !== '');
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, chunkBytes) => {
      const found = await split(Buffer.from(lines.join('\n')), chunkBytes);
      expect(found).toEqual(lines.map((text, index) => ({ number: index + 1, text })));
    }),
  );
});

it('leaves out lines of white space, and counts them', async () => {
  const found = await split(Buffer.from('\n \r\na\n\nb\n'), 3);
  expect(found).toEqual([
    { number: 3, text: 'a' },
    { number: 5, text: 'b' },
  ]);
});

it('splits at line feeds alone', async () => {
  const text = 'a\u2028b\u2029c\rd\u0085e';
  expect(await split(Buffer.from(text), 4)).toEqual([{ number: 1, text }]);
});

it('of a file that is no text gathers no more than a line may hold', async () => {
  const endless = async function* () {
    for (let chunks = 0; chunks < 1_000; chunks++) yield Buffer.alloc(65_536, 'x');
  };
  const error = await Array.fromAsync(splitLines(endless())).catch((reason) => reason);
  expect(error).toBeInstanceOf(LineError);
  expect(error).toMatchObject({ code: 'BAD_LINE', line: 1 });
  expect(error.message).toBe('line 1: expected at most 8388608 bytes, got more');
});
