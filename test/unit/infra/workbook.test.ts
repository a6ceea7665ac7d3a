import { beforeAll, describe, expect, it } from 'vitest';
import { readInfra } from './alertRules.ts';
import { analyzeQuery } from './kusto.ts';
import { ingestionTime, type Row } from './kustoExpression.ts';
import { compileQuery } from './kustoQuery.ts';
import { collectLines, fieldsOf, type LoggedLine } from './productEvents.ts';

interface Item {
  name: string;
  content: { query?: string; title?: string; visualization?: string };
}

const workbook = JSON.parse(readInfra('workbook.json')) as {
  items: Item[];
  fallbackResourceIds: string[];
};
const charts = workbook.items.flatMap(({ name, content: { query, ...content } }) =>
  query === undefined ? [] : [{ name, query, ...content }],
);

/** Of a table may be empty: what not every failure or run has. */
const mayBeEmpty = ['error', 'failing', 'remaining'];

describe('The workbook', () => {
  let lines: LoggedLine[];
  let fields: Map<string, Set<string>>;
  let rows: Row[];
  let nowMs: number;
  beforeAll(async () => {
    lines = await collectLines();
    fields = fieldsOf(lines);
    nowMs = Math.max(...lines.map(({ loggedAtMs }) => loggedAtMs)) + 3_600_000;
    rows = lines.map(({ loggedAtMs, message }) => ({
      TimeGenerated: loggedAtMs,
      Message: message,
      [ingestionTime]: loggedAtMs,
    }));
  });

  const run = (name: string): Row[] => {
    const query = charts.find((chart) => chart.name === name)?.query ?? '';
    return compileQuery(query)({ AppTraces: rows }, nowMs);
  };

  it('shows nights, durations, requests, failures, depth, budgets, anomalies and the token', () => {
    expect(charts.map(({ name }) => name)).toEqual([
      'nights',
      'durations',
      'requests',
      'failures',
      'fields',
      'depth',
      'budgets',
      'anomalies',
      'token',
    ]);
    expect(workbook.fallbackResourceIds).toEqual(['WORKSPACE_RESOURCE_ID']);
  });

  it.each(charts)('$name: Kusto understands the query', ({ query }) => {
    expect(analyzeQuery(query).errors).toEqual([]);
  });

  it.each(charts)('$name: reads only fields that the product sends', ({ query }) => {
    const { fieldsRead, indexed } = analyzeQuery(query);
    const events = [...query.matchAll(/"event":"([\w.]+)"/g)].map(([, event = '']) => event);
    const known = events.flatMap((event) => [...(fields.get(event) ?? [])]);
    const read = fieldsRead.map((path) => path.slice(path.indexOf('.') + 1));
    expect(read.filter((field) => !known.includes(field))).toEqual([]);
    expect(events.filter((event) => !fields.has(event))).toEqual([]);
    expect(indexed).toEqual([]);
  });

  it.each(charts)(
    '$name: has something in each column, from the lines of real runs',
    ({ name }) => {
      const found = run(name);
      expect(found).not.toEqual([]);
      const columns = Object.keys(found[0] ?? {}).filter((column) => !mayBeEmpty.includes(column));
      const isEmpty = (value: unknown) => value === null || value === undefined || value === '';
      expect(columns.filter((column) => found.every((row) => isEmpty(row[column])))).toEqual([]);
    },
  );

  it.each(charts.filter(({ visualization }) => visualization === 'timechart'))(
    '$name: has a time and figures to draw',
    ({ name }) => {
      for (const { day, ...rest } of run(name)) {
        expect(day).toEqual(expect.any(Number));
        expect(Object.values(rest)).toContainEqual(expect.any(Number));
      }
    },
  );

  it('has a row for each of the last 35 days, whether anything ran or not', () => {
    const nights = run('nights');
    expect(nights).toHaveLength(35);
    expect(nights[0]).toMatchObject({ snapshotDate: new Date(nowMs).toISOString().slice(0, 10) });
    expect(nights.at(-1)).toMatchObject({ state: 'no run' });
    const states = new Set(nights.map(({ state }) => state));
    expect(states).toEqual(new Set(['settled', 'not settled', 'no run']));
  });

  it('counts a budget once, and a customer once for each reason', () => {
    const ids = lines.flatMap(({ message }) => JSON.parse(message).alertId ?? []);
    expect(run('budgets')).toHaveLength(new Set(ids).size);
    expect(ids.length).toBeGreaterThan(new Set(ids).size);
    // A customer that failed on two nights running.
    expect(run('failures').some(({ customers, lines }) => Number(customers) < Number(lines))).toBe(
      true,
    );
  });
});
