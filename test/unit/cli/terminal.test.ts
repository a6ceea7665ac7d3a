import stringWidth from 'string-width';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTerminalEventLog } from '../../../src/cli/eventLines.ts';
import { formatTable, print, printJson, printProgress } from '../../../src/cli/terminal.ts';

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
    expect(text).toContain('\\u001b[31mRed');
  });

  it('shows as escapes what would turn a name around, or hide a part of it', () => {
    const rows = [
      ['gro.tset\u202e', '1'],
      ['Con\u200btoso\ufeff\u2066', '2'],
      ['Fab\u{e0041}rikam', '3'],
    ];
    expect(formatTable(['customer', 'cost'], rows, ['cost'])).toBe(
      [
        'customer                   cost',
        'gro.tset\\u202e                1',
        'Con\\u200btoso\\ufeff\\u2066     2',
        'Fab\\u{e0041}rikam             3',
      ].join('\n'),
    );
  });

  it.each([
    ['x', `${'x'.repeat(39)}…`],
    ['株', `${'株'.repeat(19)}…`],
    ['👍', `${'👍'.repeat(19)}…`],
    ['e\u0301', `${'e\u0301'.repeat(39)}…`],
    ['\u202e', `${'\\u202e'.repeat(6)}…`],
  ])('is widened for all by no name of many %j', (part, cut) => {
    const rows = [
      [part.repeat(500), 'usage', '1.00'],
      ['Contoso', 'usage', '2.00'],
    ];
    const lines = formatTable(['customer', 'outcome', 'cost'], rows, ['cost']).split('\n');
    expect(lines[1]?.split(' ')[0]).toBe(cut);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40 + 2 + 7 + 2 + 4);
  });

  it('keeps no endless pile of marks above one letter', () => {
    const text = formatTable(['customer', 'cost'], [[`a${'\u0301'.repeat(5_000)}`, '1']]);
    expect(text.length).toBeLessThan(400);
  });

  it('cuts no number, and nothing in its last column: why a run failed is long', () => {
    const [number, error] = ['1'.repeat(60), 'because '.repeat(30).trim()];
    const text = formatTable(['cost', 'error'], [[number, error]], ['cost']);
    expect(text).toContain(`${number}  ${error}`);
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
