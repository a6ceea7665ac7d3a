import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** What is kept meanwhile would let V8 double the young generation again and again. */
const program = `
import { getHeapSpaceStatistics } from 'node:v8';
const size = () =>
  getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20;
const keepMany = () => Array.from({ length: 3_000_000 }, (_, index) => ({ index }));
const { growYoungGeneration } = await import(process.argv[1]);
keepMany();
const sizes = [size() < 8];
growYoungGeneration();
sizes.push(size());
keepMany();
sizes.push(size());
console.log(JSON.stringify(sizes));
`;

it('a run has a young generation of 32 MB, however much survives', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-semi-space-size=64',
    '--input-type=module',
    '--eval',
    program,
    new URL('../../../src/app/v8Flags.ts', import.meta.url).href,
  ]);
  expect(JSON.parse(stdout)).toEqual([true, 32, 32]);
});
