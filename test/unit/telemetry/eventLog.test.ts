import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventLog, type EventFields } from '../../../src/telemetry/eventLog.ts';

/** The line of an event with these fields. */
function lineOf(fields: EventFields): string {
  const lines: string[] = [];
  createEventLog((_level, line) => lines.push(line)).emit('snapshot.customer.failed', fields);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

const limit = 30_000;

describe('an event', () => {
  it('is one line of JSON, without the fields that are not there', () => {
    const line = lineOf({ code: '20002', status: 403, isSettled: false, requestId: undefined });
    expect(line).toBe(
      '{"event":"snapshot.customer.failed","code":"20002","status":403,"isSettled":false}',
    );
  });

  it('is one line of what is to be seen alone, and still says the same', () => {
    const name = 'A\u0000\r\nB\u0085\u2028\u202e\ufeff\u{e0041}😀';
    const line = lineOf({ customerName: name });
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(line).customerName).toBe(name);
  });

  it('has no half of a character, which some readers of JSON refuse', () => {
    expect(JSON.parse(lineOf({ customerName: 'a\ud83d' })).customerName).toBe('a\ufffd');
  });

  it.each([
    ['plain', 'x'],
    ['accented', 'é'],
    ['of pairs', '😀'],
    ['of halves of pairs', '\ud83d'],
    ['to be escaped', '\u0000'],
    ['to be escaped by two', '\u{e0041}'],
  ])('with a text of 10 million characters, %s, is cut and says so', (_, character) => {
    const message = character.repeat(10_000_000 / character.length);
    const line = lineOf({ customerId: 'c', message, status: 500, customerName: 'Contoso' });
    expect(line.length).toBeLessThanOrEqual(limit);
    const { message: cut, ...others } = JSON.parse(line);
    expect(cut).toMatch(/… \(cut, 10000000 characters\)$/);
    expect(cut.isWellFormed()).toBe(true);
    expect(cut.length).toBeGreaterThan(1_000);
    expect(others).toEqual({
      event: 'snapshot.customer.failed',
      customerId: 'c',
      status: 500,
      customerName: 'Contoso',
    });
  });

  it('of up to 30,000 characters is left as it is', () => {
    const rest = lineOf({ message: '' }).length;
    expect(lineOf({ message: 'x'.repeat(limit - rest) })).toHaveLength(limit);
    expect(lineOf({ message: 'x'.repeat(limit - rest + 1) })).toContain('… (cut, ');
  });

  it('is valid and no longer, whatever its fields hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), fc.nat(20_000))
        .map(([part, times]) => part.repeat(times)),
    );
    const value = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(undefined));
    const names = fc.constantFrom(...Array.from({ length: 40 }, (_, index) => `field${index}`));
    fc.assert(
      fc.property(fc.dictionary(names, value), (fields) => {
        const line = lineOf(fields);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(line).event).toBe('snapshot.customer.failed');
      }),
      { numRuns: 30 },
    );
  });
});
