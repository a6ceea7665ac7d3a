import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTerminalEventLog } from '../../../src/cli/eventLines.ts';
import { print, printJson, printProgress } from '../../../src/cli/terminal.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is written to a stream from now on. */
function capture(stream: NodeJS.WriteStream): () => string {
  let text = '';
  vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  return () => text;
}

describe('JSON', () => {
  it('is one document that ends with a line, and keeps the digits of exact numbers', () => {
    const written = capture(process.stdout);
    printJson({ totalCost: JSON.rawJSON('28.82860766744404945074') });
    expect(written()).toBe('{\n  "totalCost": 28.82860766744404945074\n}\n');
  });

  it('keeps every name as it is', () => {
    const written = capture(process.stdout);
    const name = 'gro.tset\u202e\ufeff😀';
    printJson({ name });
    expect(written()).toContain(name);
  });
});

describe('lines for people', () => {
  it.each([
    ['stdout', print],
    ['stderr', printProgress],
  ] as const)('on %s hold nothing but line feeds that a terminal would obey', (name, write) => {
    const written = capture(process[name]);
    write('one\ntwo \u202eeerht\u001b[2J\r');
    expect(written()).toBe('one\ntwo \\u202eeerht\\u001b[2J\\u000d\n');
  });
});

describe('events', () => {
  it('that warn are a line each on stderr, without the fields that are not there', () => {
    const written = capture(process.stderr);
    const fields = { currencyCode: 'ABC', currencyLocale: undefined };
    createTerminalEventLog().emit('snapshot.currency.unknown', fields, 'warning');
    expect(written()).toBe('snapshot.currency.unknown: currencyCode=ABC\n');
  });

  it('hold nothing that a terminal would obey, and break no line', () => {
    const written = capture(process.stderr);
    const fields = { message: 'one\ntwo\u001b[2Jthree' };
    createTerminalEventLog().emit('snapshot.customer.failed', fields, 'warning');
    expect(written()).toBe('snapshot.customer.failed: message=one\\u000atwo\\u001b[2Jthree\n');
  });

  it('show 200 characters of what somebody else wrote', () => {
    const written = capture(process.stderr);
    const fields = { customerName: 'x'.repeat(100_000), message: 'GET / answered 500' };
    createTerminalEventLog().emit('snapshot.customer.failed', fields, 'warning');
    expect(written()).toBe(
      `snapshot.customer.failed: customerName=${'x'.repeat(200)}… (cut, 100000 characters) ` +
        'message=GET / answered 500\n',
    );
  });

  it('that only inform, or that the command prints itself, are not shown', () => {
    const written = capture(process.stderr);
    const events = createTerminalEventLog();
    events.emit('credential.refreshToken.rotated', { ageDays: 1 }, 'info');
    events.emit('snapshot.run.completed', { status: 'partial' }, 'warning');
    events.emit('snapshot.run.failed', { error: 'no storage' }, 'error');
    expect(written()).toBe('');
  });
});
