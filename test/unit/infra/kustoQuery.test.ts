import { describe, expect, it } from 'vitest';
import type { Row } from './kustoExpression.ts';
import { compileQuery } from './kustoQuery.ts';

/** By the examples of Kusto's own documentation, where it has one. */
const AppTraces: Row[] = [
  { TimeGenerated: Date.parse('2026-03-01T10:30:00Z'), Message: '{"id":"a","cost":10}' },
  { TimeGenerated: Date.parse('2026-03-01T11:10:00Z'), Message: '{"id":"b","cost":2}' },
  { TimeGenerated: Date.parse('2026-03-02T00:00:00Z'), Message: '{"id":"a"}' },
];
const nowMs = Date.parse('2026-03-02T00:00:00Z');
const run = (text: string) => compileQuery(text)({ AppTraces }, nowMs);
const compute = (expression: string) =>
  run(
    `AppTraces | take 1 | extend line = parse_json(Message) | project value = ${expression}`,
  )[0]?.['value'];

describe('An expression', () => {
  it.each([
    ["'North America' has 'america'", true],
    ["'North America' has 'amer'", false],
    ['bin(4.5, 1)', 4],
    ["format_datetime(bin(TimeGenerated, 1h) + 1h, 'yyyy-MM-dd HH:mm')", '2026-03-01 11:00'],
    ["format_datetime(startofday(now()), 'yyyy-MM-dd')", '2026-03-02'],
    ["coalesce('', 'x')", 'x'],
    ["extract('^[^;]+', 0, 'vm1 +5.00 EUR; vm2 +1.00 EUR')", 'vm1 +5.00 EUR'],
    ["extract('^[^;]+', 0, tostring(line.none))", ''],
    ["strcat('a', 1, tostring(line.none))", 'a1'],
    ['isnull(datetime(null))', true],
    ['ago(1d) == datetime(2026-03-01)', true],
    ['todouble(line.none)', null],
    ["toint('7') + 1", 8],
    ["tostring(line.id) in ('a', 'b')", true],
  ])('%s is %s', (expression, value) => {
    expect(compute(expression)).toEqual(value);
  });

  it.each(['tobool(line.none) and true', 'todouble(line.none) > 1', 'line.none == true'])(
    'of null is null, and filters: %s',
    (expression) => {
      expect(compute(expression)).toBeNull();
      expect(run(`AppTraces | extend line = parse_json(Message) | where ${expression}`)).toEqual(
        [],
      );
    },
  );

  it('of null does not count against what decides alone', () => {
    expect(compute('tobool(line.none) or true')).toBe(true);
    expect(compute('tobool(line.none) and false')).toBe(false);
  });
});

describe('A query', () => {
  it('summarizes by groups, and to one row without', () => {
    const parsed = 'AppTraces | extend line = parse_json(Message) | extend id = tostring(line.id)';
    const lines = 'lines = make_list(id, 1), sum = sum(todouble(line.cost))';
    expect(run(`${parsed} | summarize n = count(), ${lines} by id`)).toEqual([
      { id: 'a', n: 2, lines: ['a'], sum: 10 },
      { id: 'b', n: 1, lines: ['b'], sum: 2 },
    ]);
    expect(run('AppTraces | where 1 == 2 | summarize n = count()')).toEqual([{ n: 0 }]);
    expect(run('AppTraces | where 1 == 2 | summarize n = count() by Message')).toEqual([]);
  });

  it('picks the row of the smallest or largest value', () => {
    const [first] = run('AppTraces | summarize arg_min(TimeGenerated, Message)');
    expect(first).toEqual(AppTraces[0]);
    const [last] = run('AppTraces | summarize arg_max(TimeGenerated, Message)');
    expect(last).toEqual(AppTraces[2]);
  });

  it('orders from the largest, unless it says otherwise', () => {
    const times = (order: string) =>
      run(`AppTraces | order by ${order}`).map(({ TimeGenerated }) => TimeGenerated);
    const ascending = AppTraces.map(({ TimeGenerated }) => TimeGenerated);
    expect(times('TimeGenerated asc')).toEqual(ascending);
    expect(times('TimeGenerated')).toEqual(ascending.toReversed());
  });

  it('keeps rows that a lookup does not find', () => {
    const right = "(AppTraces | take 1 | project hour = bin(TimeGenerated, 1h), found = 'yes')";
    const hours = 'range hour from ago(14h) to ago(13h) step 1h';
    expect(run(`${hours} | lookup kind=leftouter ${right} on hour`)).toMatchObject([
      { found: 'yes' },
      { hour: nowMs - 13 * 3_600_000 },
    ]);
  });

  it('that uses what is not known here says so', () => {
    expect(() => run('AppTraces | count')).toThrow('CountOperator');
    expect(() => run('AppTraces | extend x = hash(Message)')).toThrow('hash');
  });

  it('that Kusto does not understand is not run', () => {
    expect(() => run('Heartbeat')).toThrow('Heartbeat');
    expect(() => run('AppTraces | extend a = 1, b = a')).toThrow("'a'");
  });
});
