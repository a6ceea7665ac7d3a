import { analyzeQuery, parseQuery, type Syntax } from './kusto.ts';
import {
  compileExpression,
  type Expression,
  itemsOf,
  partOf,
  type Row,
  type Scope,
} from './kustoExpression.ts';

/**
 * Runs queries of this project: the text as it is deployed, parsed by Kusto's own parser, with the
 * operators that they use. Kusto itself runs nowhere but in Azure.
 */
export type Query = (tables: Record<string, Row[]>, nowMs: number) => Row[];

/** Rows of a source, made anew for each run. */
type Rows = () => Row[];
interface Context extends Scope {
  tables: Record<string, Row[]>;
}

/** @throws Error that names what Kusto does not know, or what is not known here */
export function compileQuery(text: string): Query {
  const { errors } = analyzeQuery(text);
  if (errors.length > 0) throw new Error(`no query that Kusto understands: ${errors.join(' ')}`);
  const context: Context = { nowMs: 0, variables: {}, tables: {} };
  const variables: [name: string, value: Expression][] = [];
  let rows: Rows | undefined;
  for (const statement of parseQuery(text)) {
    const expression = partOf(statement, 'Expression');
    if (statement.kind === 'LetStatement') {
      variables.push([partOf(statement, 'Name').text, compileExpression(expression, context)]);
    } else {
      rows = compileRows(expression, context);
    }
  }
  if (!rows) throw new Error('expected a query, got statements alone');
  const result = rows;
  return (tables, nowMs) => {
    context.tables = tables;
    context.nowMs = nowMs;
    context.variables = {};
    for (const [name, value] of variables) context.variables[name] = value({});
    return result();
  };
}

function compileRows(syntax: Syntax, context: Context): Rows {
  switch (syntax.kind) {
    case 'NameReference':
      return () => {
        const rows = context.tables[syntax.text];
        if (!rows) throw new Error(`there is no table ${syntax.text}`);
        return rows;
      };
    case 'ParenthesizedExpression':
      return compileRows(partOf(syntax, 'Expression'), context);
    case 'DataTableExpression':
      return () => [];
    case 'UnionOperator': {
      const sources = itemsOf(syntax, 'Expressions').map((each) => compileRows(each, context));
      return () => sources.flatMap((source) => source());
    }
    case 'RangeOperator':
      return compileRange(syntax, context);
    case 'PipeExpression': {
      const source = compileRows(partOf(syntax, 'Expression'), context);
      const operate = compileOperator(partOf(syntax, 'Operator'), context);
      return () => operate(source());
    }
    default:
      throw new Error(`no ${syntax.kind} is known here: ${syntax.text}`);
  }
}

function compileRange(syntax: Syntax, context: Context): Rows {
  const name = partOf(syntax, 'Name').text;
  const [from, to, step] = ['From', 'To', 'Step'].map((part) =>
    compileExpression(partOf(syntax, part), context),
  );
  return () => {
    const rows: Row[] = [];
    for (let at = Number(from?.({})); at <= Number(to?.({})); at += Number(step?.({}))) {
      rows.push({ [name]: at });
    }
    return rows;
  };
}

type Operator = (rows: Row[]) => Row[];

function compileOperator(syntax: Syntax, context: Context): Operator {
  switch (syntax.kind) {
    case 'FilterOperator': {
      const condition = compileExpression(partOf(syntax, 'Condition'), context);
      return (rows) => rows.filter((row) => condition(row) === true);
    }
    case 'ExtendOperator': {
      const columns = compileColumns(itemsOf(syntax, 'Expressions'), context);
      return (rows) => rows.map((row) => computeColumns(columns, row, { ...row }));
    }
    case 'ProjectOperator': {
      const columns = compileColumns(itemsOf(syntax, 'Expressions'), context);
      return (rows) => rows.map((row) => computeColumns(columns, row, {}));
    }
    case 'SortOperator':
      return compileSort(itemsOf(syntax, 'Expressions'), context);
    case 'TakeOperator': {
      const limit = Number(partOf(syntax, 'Expression').text);
      return (rows) => rows.slice(0, limit);
    }
    case 'LookupOperator':
      return compileLookup(syntax, context);
    case 'SummarizeOperator':
      return compileSummarize(syntax, context);
    default:
      throw new Error(`no ${syntax.kind} is known here: ${syntax.text}`);
  }
}

type Column = readonly [name: string, value: Expression];

/** Each with a name of its own, or a column that keeps the one it has. */
function compileColumns(expressions: Syntax[], context: Context): Column[] {
  return expressions.map((each) => {
    const [name, value] = nameOf(each);
    return [name, compileExpression(value, context)];
  });
}

function nameOf(syntax: Syntax): [name: string, value: Syntax] {
  if (syntax.kind === 'NameReference') return [syntax.text, syntax];
  return [partOf(syntax, 'Name').text, partOf(syntax, 'Expression')];
}

function computeColumns(columns: Column[], row: Row, into: Row): Row {
  for (const [name, value] of columns) into[name] = value(row);
  return into;
}

/** The largest first, unless it says `asc`; null is the smallest. */
function compileSort(expressions: Syntax[], context: Context): Operator {
  const orders = expressions.map((each) => {
    const isOrdered = each.kind === 'OrderedExpression';
    const value = compileExpression(isOrdered ? partOf(each, 'Expression') : each, context);
    return { value, sign: isOrdered && partOf(each, 'Ordering').text === 'asc' ? 1 : -1 };
  });
  return (rows) =>
    rows.toSorted((one, other) => {
      for (const { value, sign } of orders) {
        const [left, right] = [value(one) ?? '', value(other) ?? ''];
        if (left !== right) return left < right ? -sign : sign;
      }
      return 0;
    });
}

/** Of columns that both have: each row of the left side once, with the right one's columns. */
function compileLookup(syntax: Syntax, context: Context): Operator {
  const right = compileRows(partOf(syntax, 'Expression'), context);
  const keys = itemsOf(syntax, 'LookupClause', 'Expressions').map(({ text }) => text);
  const keyOf = (row: Row) => JSON.stringify(keys.map((key) => row[key]));
  return (rows) => {
    const found = new Map(right().map((row) => [keyOf(row), row]));
    return rows.map((row) => ({ ...row, ...found.get(keyOf(row)) }));
  };
}

type Aggregate = (rows: Row[]) => Row;

function compileSummarize(syntax: Syntax, context: Context): Operator {
  const keys = compileColumns(itemsOf(syntax, 'ByClause', 'Expressions'), context);
  const aggregates = itemsOf(syntax, 'Aggregates').map((each) => compileAggregate(each, context));
  const summarize = (key: Row, rows: Row[]) => {
    const parts = rows.length > 0 || keys.length === 0 ? aggregates : [];
    return Object.assign({ ...key }, ...parts.map((aggregate) => aggregate(rows)));
  };
  return (rows) => {
    if (keys.length === 0) return [summarize({}, rows)];
    const groups = new Map<string, { key: Row; members: Row[] }>();
    for (const row of rows) {
      const text = keys.map(([, value]) => value(row)).join('\n');
      const group = groups.get(text) ?? { key: computeColumns(keys, row, {}), members: [] };
      groups.set(text, group);
      group.members.push(row);
    }
    return [...groups.values()].map(({ key, members }) => summarize(key, members));
  };
}

function compileAggregate(syntax: Syntax, context: Context): Aggregate {
  const isNamed = syntax.kind === 'SimpleNamedExpression';
  const call = isNamed ? partOf(syntax, 'Expression') : syntax;
  const args = itemsOf(call, 'ArgumentList', 'Expressions');
  const functionName = partOf(call, 'Name').text;
  if (functionName === 'arg_min' || functionName === 'arg_max') {
    const columns = compileColumns(args, context);
    return (rows) => pickExtreme(columns, rows, functionName === 'arg_min' ? 1 : -1);
  }
  const [value = () => undefined, limit] = args.map((each) => compileExpression(each, context));
  const compute = aggregates[functionName];
  if (!isNamed || !compute) throw new Error(`no such aggregate is known here: ${syntax.text}`);
  const name = partOf(syntax, 'Name').text;
  return (rows) => {
    const values = rows.map(value).filter((each) => each !== null);
    return { [name]: compute(values, Number(limit?.({}) ?? values.length)) };
  };
}

/** The columns of the row in which the first of them is smallest, or largest. */
function pickExtreme(columns: Column[], rows: Row[], sign: number): Row {
  const [[, measure] = ['', () => undefined]] = columns;
  let picked: Row | undefined;
  for (const row of rows) {
    const isBetter = (than: Row) => sign * (Number(measure(row)) - Number(measure(than))) < 0;
    if (!picked || isBetter(picked)) picked = row;
  }
  return computeColumns(columns, picked ?? {}, {});
}

const largest = (values: unknown[]) =>
  values.reduce((one, other) => ((one as number) < (other as number) ? other : one), values[0]);

const aggregates: Record<string, (values: unknown[], limit: number) => unknown> = {
  count: (values) => values.length,
  countif: (values) => values.filter((value) => value === true).length,
  dcount: (values) => new Set(values).size,
  sum: (values) => values.reduce<number>((sum, value) => sum + Number(value), 0),
  max: (values) => largest(values) ?? null,
  take_any: (values) => values[0] ?? null,
  make_list: (values, limit) => values.slice(0, limit),
};
