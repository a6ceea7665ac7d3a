import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeQuery } from './kusto.ts';
import { collectEventFields } from './productEvents.ts';

const infra = new URL('../../../infra/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, infra), 'utf8');
const queries = readdirSync(new URL('queries', infra)).map((file) => ({
  file,
  text: read(`queries/${file}`),
}));
const queryOf = (file: string) => read(`queries/${file}`);
const alerts = read('modules/alerts.bicep');

describe.each(queries)('the query $file', ({ file, text }) => {
  it('is one that Kusto understands, with the columns of the table of traces', () => {
    expect(analyzeQuery(text).errors).toEqual([]);
  });

  it('is used by an alert rule', () => {
    expect(alerts).toContain(`loadTextContent('../queries/${file}')`);
  });
});

it('A query with a misspelt column, function or operator does not pass', () => {
  const misspell = (from: string, to: string) => {
    const text = queryOf('budgetDigest.kql');
    expect(text).toContain(from);
    return analyzeQuery(text.replace(from, to)).errors;
  };
  expect(misspell('where Message has', 'where Mesage has')).toEqual([
    expect.stringContaining('Mesage'),
  ]);
  expect(misspell('ingestion_time()', 'ingestion_tme()')).not.toEqual([]);
  expect(misspell('| summarize', '| sumarize')).not.toEqual([]);
});

describe('The fields that a query reads', () => {
  let fields: Map<string, Set<string>>;
  beforeAll(async () => {
    fields = await collectEventFields();
  });

  /** A field that not every event of a query has: of the others the query takes it as empty. */
  const inOneAlone: Record<string, string> = {
    'refreshToken.kql error': 'credential.refreshToken.notStored',
    'runFailed.kql error': 'snapshot.run.failed',
  };

  /** What a query reads, and no event of the product has; an event that it does not know. */
  function findUnknown(file: string, text: string): string[] {
    const events = [...text.matchAll(/"event":"([\w.]+)"/g)].map(([, name = '']) => name);
    const unknown = events.filter((event) => !fields.has(event));
    for (const path of analyzeQuery(text).fieldsRead) {
      const field = path.slice(path.indexOf('.') + 1);
      const alone = inOneAlone[`${file} ${field}`];
      for (const event of alone ? [alone] : events) {
        if (!fields.get(event)?.has(field)) unknown.push(`${event}: ${field}`);
      }
    }
    return unknown;
  }

  it.each(queries)('of $file are those that the product sends', ({ file, text }) => {
    expect(findUnknown(file, text)).toEqual([]);
    expect(analyzeQuery(text).fieldsRead.length).toBeGreaterThan(0);
  });

  it.each(queries)('of $file are all of the line, and none is read by an index', ({ text }) => {
    const { fieldsRead, indexed } = analyzeQuery(text);
    const [, line] = text.match(/(\w+) = parse_json\(Message\)/) ?? [];
    expect(fieldsRead.filter((path) => !path.startsWith(`${line}.`))).toEqual([]);
    expect(indexed).toEqual([]);
  });

  it('fail the build when one of them gets another name', () => {
    const text = queryOf('anomalyDigest.kql');
    expect(findUnknown('', text.replaceAll('.dailyCost', '.costOfDay'))).toEqual([
      'usage.anomaly.detected: costOfDay',
    ]);
    const renamed = queryOf('runFailed.kql').replaceAll('run.failed"', 'run.broke"');
    expect(findUnknown('', renamed)).toContain('snapshot.run.broke');
  });
});

it('The rule of the refresh token goes by the event, not by an age: with `rotated` a new one is stored', () => {
  const conditions = queryOf('refreshToken.kql').match(/\bwhere tostring.+/g);
  expect(conditions).toEqual([
    "where tostring(credential.event) == 'credential.refreshToken.notStored'",
  ]);
});

describe('An alert rule', () => {
  it('splits its alerts by columns that its query has', () => {
    const pattern = /query: loadTextContent\('\.\.\/queries\/([\w.]+)'\)\n\s+dimensions: \[(.*)\]/g;
    const rules = [...alerts.matchAll(pattern)];
    expect(rules).toHaveLength(queries.length);
    for (const [, file = '', dimensions = ''] of rules) {
      const { columns } = analyzeQuery(queryOf(file));
      const names = [...dimensions.matchAll(/'(\w+)'/g)].map(([, name]) => name);
      expect(columns).toEqual(expect.arrayContaining(names));
      // Azure Monitor: a rule has six dimensions at most.
      expect(names.length).toBeLessThanOrEqual(6);
    }
  });
});
