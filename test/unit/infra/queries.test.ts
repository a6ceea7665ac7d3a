import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { alertRules, readInfra } from './alertRules.ts';
import { analyzeQuery } from './kusto.ts';
import { collectLines, fieldsOf } from './productEvents.ts';

const folder = new URL('../../../infra/queries/', import.meta.url);
const queryOf = (file: string) => readInfra(`queries/${file}`);
const queries = readdirSync(folder).map((file) => ({ file, text: queryOf(file) }));
const alerts = readInfra('modules/alerts.bicep');

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
    fields = fieldsOf(await collectLines());
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

  it('are looked for in every event of the product', () => {
    const inUse = [...fields.keys()];
    expect(inUse).toEqual(
      expect.arrayContaining(['snapshot.customer.failing', 'snapshot.field.unreadable']),
    );
    expect(fields.get('snapshot.run.completed')).toEqual(
      expect.toSatisfy((names: Set<string>) => names.has('isSettled') && names.has('isConcluded')),
    );
  });

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

describe('The template', () => {
  const namesOf = (pattern: RegExp) => [...alerts.matchAll(pattern)].map(([, name]) => name);

  it('sets a parameter of a query by replacing a line that is there, once', () => {
    const lines = [...alerts.matchAll(/'(let (\w+) = [^'$]+;)'/g)];
    const replaced = lines.map(([, , name]) => name);
    expect(replaced.toSorted()).toEqual(['dueHourUtc', 'firstNight', 'thresholdPercent']);
    expect(namesOf(/'let (\w+) = [^'$]*\$\{/g).toSorted()).toEqual(replaced.toSorted());
    for (const [, line, name] of lines) {
      const own = queries.filter(({ text }) => text.includes(`let ${name} = `));
      expect(own, name).not.toEqual([]);
      for (const { text, file } of own) expect(text.split(`${line}\n`), file).toHaveLength(2);
    }
  });

  it.each([
    ['thresholdPercent', '90'],
    ['dueHourUtc', '6'],
    ['firstNight', 'datetime(2026-03-02)'],
  ])('can set %s to %s', (name, value) => {
    for (const { text } of queries.filter((query) => query.text.includes(`let ${name} = `))) {
      const set = text.replace(new RegExp(`let ${name} = .+;`), `let ${name} = ${value};`);
      expect(analyzeQuery(set).errors).toEqual([]);
    }
  });

  it.each(alertRules)(
    'has the rule $name as it is simulated',
    ({ name, file, dimensions, isStateful }) => {
      const [, entry = ''] = alerts.match(new RegExp(`name: '${name}'\n([^]+?)\n  }`)) ?? [];
      expect(entry).toContain(`/${file}')`);
      expect(entry).toContain(`isState: ${isStateful}`);
      const [, listed = ''] = entry.match(/dimensions: \[(.*)\]/) ?? [];
      expect([...listed.matchAll(/'(\w+)'/g)].map(([, column]) => column)).toEqual(dimensions);
    },
  );

  it('evaluates each rule every hour over two days', () => {
    expect(alerts).toContain("evaluationFrequency: 'PT1H'");
    expect(alerts).toContain("windowSize: 'P2D'");
    expect(queries.map(({ file }) => file)).toEqual(alertRules.map(({ file }) => file).toSorted());
  });
});

it.each(alertRules)('$file has the columns that tell its alerts apart', ({ file, dimensions }) => {
  expect(analyzeQuery(queryOf(file)).columns).toEqual(expect.arrayContaining(dimensions));
  // Azure Monitor: a rule has six dimensions at most.
  expect(dimensions.length).toBeLessThanOrEqual(6);
});
