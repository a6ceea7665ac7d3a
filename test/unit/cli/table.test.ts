import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import { type Column, customerColumns, formatTable } from '../../../src/cli/table.ts';

/** A table of lines, of which those columns are numbers. */
function format(headings: string[], lines: unknown[][], numbers: string[] = []): string {
  const columns = headings.map(
    (heading, index): Column<unknown[]> => ({
      heading,
      value: (line) => line[index],
      ...(numbers.includes(heading) && { kind: 'number' }),
    }),
  );
  return formatTable(columns, lines);
}

describe('a table', () => {
  it('has its columns under their headings, numbers to the right, and no spaces at the end', () => {
    const rows = [
      ['Contoso', '12.5'],
      ['Größe & Söhne', '1000'],
    ];
    expect(format(['customer', 'cost'], rows, ['cost'])).toBe(
      ['customer       cost', 'Contoso        12.5', 'Größe & Söhne  1000'].join('\n'),
    );
  });

  it('without headings begins with its first row', () => {
    expect(format(['', ''], [['name', 'Contoso']])).toBe('name  Contoso');
  });

  it('leaves nothing in a name that a terminal would obey, and nothing that breaks a line', () => {
    const name = '\u001b[31mRed\u001b[0m\r\nCo\u0007mpany\u009b2J';
    const text = format(['name'], [[name]]);
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
    expect(format(['customer', 'cost'], rows, ['cost'])).toBe(
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
    const lines = format(['customer', 'outcome', 'cost'], rows, ['cost']).split('\n');
    expect(lines[1]?.split(' ')[0]).toBe(cut);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40 + 2 + 7 + 2 + 4);
  });

  it('keeps no endless pile of marks above one letter', () => {
    const text = format(['customer', 'cost'], [[`a${'\u0301'.repeat(5_000)}`, '1']]);
    expect(text.length).toBeLessThan(400);
  });

  it('cuts no number, and nothing in its last column: why a run failed is long', () => {
    const [number, error] = ['1'.repeat(60), 'because '.repeat(30).trim()];
    const text = format(['cost', 'error'], [[number, error]], ['cost']);
    expect(text).toContain(`${number}  ${error}`);
  });

  it('has an empty cell for what is not there', () => {
    expect(format(['a', 'b'], [[undefined, 0]])).toBe('a  b\n   0');
  });
});

interface Customer {
  customerName: string;
  customerId: string;
  plan: string;
  cost: string;
  outcome: string;
  reason: string;
}

const columns: Column<Customer>[] = [
  ...customerColumns,
  { heading: 'plan', value: 'plan', spare: 1 },
  { heading: 'cost', value: 'cost', kind: 'number' },
  { heading: 'outcome', value: 'outcome', spare: 2 },
  { heading: 'reason', value: 'reason', kind: 'text' },
];
const customers: Customer[] = [
  {
    customerName: 'Contoso of the Very Long Name 株式会社',
    customerId: '6e0c11e7-de49-42ea-a92b-f58f9d71adfa',
    plan: 'azurePlan',
    cost: '1234567890.12',
    outcome: 'usage',
    reason: '',
  },
  {
    customerName: 'Fabrikam',
    customerId: '737f1662-eed4-4d89-9916-e447df763991',
    plan: 'payAsYouGo',
    cost: '1.00',
    outcome: 'failed',
    reason: 'the server answered 500 to GET /v1/customers, eight times one after the other',
  },
];
const widthOf = (text: string) => Math.max(...text.split('\n').map((line) => stringWidth(line)));
const headingsAt = (width: number) =>
  formatTable(columns, customers, width).split('\n')[0]?.split(/ {2,}/);

describe('a table at a terminal', () => {
  const all = ['customer', 'id', 'plan', 'cost', 'outcome', 'reason'];

  it('is never wider than that', () => {
    for (let width = 24; width <= 250; width++) {
      const widest = widthOf(formatTable(columns, customers, width));
      expect(widest, `at ${width}`).toBeLessThanOrEqual(width);
    }
  });

  it('is whole where there is room, or no terminal', () => {
    expect(formatTable(columns, customers, 250)).toBe(
      formatTable(columns, customers, Number.POSITIVE_INFINITY),
    );
    expect(headingsAt(250)).toEqual(all);
  });

  it('cuts ids, then the widest texts, and leaves columns out in their order at last', () => {
    const cut = formatTable(columns, customers, 140);
    expect(cut).toContain('6e0c11e7…  azurePlan');
    expect(cut).toContain('Contoso of the Very Long Name');
    expect(headingsAt(90)).toEqual(all);
    expect(formatTable(columns, customers, 90)).toContain('Contoso of the Very…');
    expect(headingsAt(80)).toEqual(['customer', 'id', 'plan', 'cost', 'reason']);
    expect(headingsAt(70)).toEqual(['customer', 'id', 'cost', 'reason']);
  });

  it('breaks no number, however narrow', () => {
    for (let width = 20; width <= 250; width++) {
      expect(formatTable(columns, customers, width), `at ${width}`).toContain('1234567890.12');
    }
  });

  it('of 60 columns is a block for each row, with what there is of it', () => {
    expect(formatTable(columns, customers, 60)).toBe(
      `
customer  Contoso of the Very Long Name 株式会社
id        6e0c11e7-de49-42ea-a92b-f58f9d71adfa
plan      azurePlan
cost      1234567890.12
outcome   usage

customer  Fabrikam
id        737f1662-eed4-4d89-9916-e447df763991
plan      payAsYouGo
cost      1.00
outcome   failed
reason    the server answered 500 to GET /v1/customers,
          eight times one after the other`.slice(1),
    );
  });

  it('is no block where it fits', () => {
    const two = [{ name: 'requests', count: 7 }];
    const columnsOfTwo: Column<(typeof two)[number]>[] = [
      { heading: 'what', value: 'name' },
      { heading: 'times', value: 'count', kind: 'number' },
    ];
    expect(formatTable(columnsOfTwo, two, 20)).toBe('what      times\nrequests      7');
  });

  describe('that stdout is', () => {
    const { isTTY, columns: wide } = process.stdout;
    afterEach(() => {
      Object.assign(process.stdout, { isTTY, columns: wide });
    });

    it('has the width of that, and all columns where it is none', () => {
      Object.assign(process.stdout, { isTTY: true, columns: 70 });
      expect(formatTable(columns, customers)).toBe(formatTable(columns, customers, 70));
      Object.assign(process.stdout, { isTTY: false });
      expect(formatTable(columns, customers)).toContain(customers[1]?.reason);
    });
  });
});
