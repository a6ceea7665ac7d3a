import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTerminalEventLog } from '../../../src/cli/eventLines.ts';
import { formatTable, printJson } from '../../../src/cli/terminal.ts';

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

describe('a table', () => {
  it('has its columns under their headings, numbers to the right, and no spaces at the end', () => {
    const rows = [
      ['Contoso', '12.5'],
      ['Größe & Söhne', '1000'],
    ];
    expect(formatTable(['customer', 'cost'], rows, ['cost'])).toBe(
      ['customer       cost', 'Contoso        12.5', 'Größe & Söhne  1000'].join('\n'),
    );
  });

  it('without headings begins with its first row', () => {
    expect(formatTable(['', ''], [['name', 'Contoso']])).toBe('name  Contoso');
  });

  it('leaves nothing in a name that a terminal would obey, and nothing that breaks a line', () => {
    const name = '\u001b[31mRed\u001b[0m\r\nCo\u0007mpany\u009b2J';
    const text = formatTable(['name'], [[name]]);
    expect(text.split('\n')).toHaveLength(2);
    expect(text.replace('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('Red');
  });

  it('has an empty cell for what is not there', () => {
    expect(formatTable(['a', 'b'], [[undefined, 0]])).toBe('a  b\n   0');
  });
});

describe('JSON', () => {
  it('is one document that ends with a line, and keeps the digits of exact numbers', () => {
    const written = capture(process.stdout);
    printJson({ totalCost: JSON.rawJSON('28.82860766744404945074') });
    expect(written()).toBe('{\n  "totalCost": 28.82860766744404945074\n}\n');
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
    expect(written()).toBe('snapshot.customer.failed: message=one twothree\n');
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
