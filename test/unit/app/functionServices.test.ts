import { describe, expect, it } from 'vitest';
import { describeError } from '../../../src/app/functionServices.ts';

const long = 'x'.repeat(1_000_000);

describe('an error in the log of a function', () => {
  it('is told with where it was thrown, and what caused it', () => {
    const cause = new TypeError('not a page');
    const text = describeError(new Error('no rows', { cause }));
    const [first, second] = text.split('\n');
    expect(first).toBe('Error: no rows');
    expect(second).toMatch(/^ {4}at .+functionServices\.test\.ts/);
    expect(text).toContain('\ncaused by: TypeError: not a page\n    at ');
  });

  it('quotes 200 characters of what caused it, which can be the whole answer of a server', () => {
    const text = describeError(new Error('no rows', { cause: new Error(`${long}\n    at x`) }));
    expect(text).toContain(`caused by: Error: ${'x'.repeat(200)}… (cut, 1000009 characters)`);
    expect(text.length).toBeLessThan(6_000);
  });

  it('has an end, however long its message, its stack and its causes are', () => {
    let error = new Error(long);
    error.stack = `Error\n${`    at ${long}\n`.repeat(20)}`;
    for (let causes = 0; causes < 100; causes++) error = new Error(long, { cause: error });
    expect(describeError(error).length).toBeLessThan(30_000);
    expect(describeError(long).length).toBeLessThan(300);
  });
});
