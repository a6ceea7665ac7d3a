import type { Syntax } from './kusto.ts';

/**
 * Expressions of Kusto's query language, as far as the queries here use them, with Kusto's rules for
 * null. Dates and spans of time are milliseconds: the language service has checked the types.
 */

export type Row = Record<string, unknown>;
export type Expression = (row: Row) => unknown;

/** What an expression knows besides its row. */
export interface Scope {
  nowMs: number;
  /** Values of `let` statements. */
  variables: Row;
}

/** Column in which a row keeps what `ingestion_time()` answers. */
export const ingestionTime = '$ingestionTime';

const spanMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/** @throws Error that names what is not known here, though it may be known to Kusto */
export function compileExpression(syntax: Syntax, scope: Scope): Expression {
  const part = (name: string) => compileExpression(partOf(syntax, name), scope);
  const { kind, text, literal } = syntax;
  if (literal !== undefined) return () => literal;
  switch (kind) {
    case 'NameReference':
      return (row) => (text in row ? row[text] : scope.variables[text]);
    case 'LongLiteralExpression':
    case 'RealLiteralExpression':
      return constant(Number(text));
    case 'BooleanLiteralExpression':
      return constant(text === 'true');
    case 'TimespanLiteralExpression':
      return constant(Number.parseFloat(text) * (spanMs[text.at(-1) ?? ''] ?? Number.NaN));
    case 'DateTimeLiteralExpression':
      return constant(toDate(text.slice('datetime('.length, -1)));
    case 'ParenthesizedExpression':
      return part('Expression');
    case 'UnaryMinusExpression':
      return strict(([value]) => -Number(value), [part('Expression')]);
    case 'PathExpression': {
      const field = partOf(syntax, 'Selector').text;
      const value = part('Expression');
      return (row) => (value(row) as Row | null | undefined)?.[field] ?? null;
    }
    case 'FunctionCallExpression':
      return compileCall(syntax, scope);
    case 'AndExpression':
      return logical(part('Left'), part('Right'), false);
    case 'OrExpression':
      return logical(part('Left'), part('Right'), true);
    default:
      return compileBinary(syntax, scope);
  }
}

export function partOf(syntax: Syntax, name: string): Syntax {
  const part = syntax.parts[name];
  if (!part) throw new Error(`expected ${syntax.kind} with ${name}, got: ${syntax.text}`);
  return part;
}

/** The elements of a part that is a list; none where the part is absent. */
export function itemsOf(syntax: Syntax, ...names: string[]): Syntax[] {
  return names.reduce<Syntax | undefined>((at, name) => at?.parts[name], syntax)?.items ?? [];
}

const constant = (value: unknown) => () => value;
const isNull = (value: unknown) => value === null || value === undefined;

function toDate(text: string): number | null {
  return text === 'null' ? null : Date.parse(text.length > 10 ? text : `${text}T00:00:00Z`);
}

/** Null where one of the arguments is. */
function strict(compute: (args: unknown[]) => unknown, args: Expression[]): Expression {
  return (row) => {
    const values: unknown[] = [];
    for (const argument of args) {
      const value = argument(row);
      if (value === null || value === undefined) return null;
      values.push(value);
    }
    return compute(values);
  };
}

/** `and` where `decisive` is false, `or` where it is true: the other one may then be null. */
function logical(left: Expression, right: Expression, decisive: boolean): Expression {
  return (row) => {
    const one = left(row);
    if (one === decisive) return decisive;
    const other = right(row);
    if (other === decisive) return decisive;
    return isNull(one) || isNull(other) ? null : !decisive;
  };
}

type Compute = (left: never, right: never) => unknown;
const binary: Record<string, Compute> = {
  AddExpression: (left: number, right: number) => left + right,
  SubtractExpression: (left: number, right: number) => left - right,
  MultiplyExpression: (left: number, right: number) => left * right,
  DivideExpression: (left: number, right: number) => left / right,
  EqualExpression: (left: unknown, right: unknown) => left === right,
  NotEqualExpression: (left: unknown, right: unknown) => left !== right,
  LessThanExpression: (left: number, right: number) => left < right,
  LessThanOrEqualExpression: (left: number, right: number) => left <= right,
  GreaterThanExpression: (left: number, right: number) => left > right,
  GreaterThanOrEqualExpression: (left: number, right: number) => left >= right,
  HasExpression: has,
};

function compileBinary(syntax: Syntax, scope: Scope): Expression {
  const { kind, text, parts } = syntax;
  const left = parts['Left'] && compileExpression(parts['Left'], scope);
  if (left && (kind === 'HasAnyExpression' || kind === 'InExpression')) {
    const isMatch: Compute = kind === 'InExpression' ? (one, other) => one === other : has;
    const right = itemsOf(syntax, 'Right', 'Expressions');
    const values = right.map((item) => compileExpression(item, scope));
    return (row) => values.some((value) => isMatch(left(row) as never, value(row) as never));
  }
  const compute = binary[kind];
  if (!left || !compute) throw new Error(`no ${kind} is known here: ${text}`);
  const right = compileExpression(partOf(syntax, 'Right'), scope);
  return strict(([one, other]) => compute(one as never, other as never), [left, right]);
}

const isWordAt = (text: string, at: number) => /[\p{L}\p{N}]/u.test(text[at] ?? ' ');
const knownAnswers = new Map<string, Map<string, boolean>>();

/** Whether a term stands in a text, whatever its case, as a word or as words. */
function has(text: string, term: string): boolean {
  const answers = knownAnswers.get(term) ?? new Map<string, boolean>();
  if (answers.size === 0) knownAnswers.set(term, answers);
  let answer = answers.get(text);
  if (answer === undefined) {
    answer = findTerm(text.toLowerCase(), term.toLowerCase());
    answers.set(text, answer);
  }
  return answer;
}

function findTerm(text: string, term: string): boolean {
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const begins = !isWordAt(term, 0) || !isWordAt(text, at - 1);
    const ends = !isWordAt(term, term.length - 1) || !isWordAt(text, at + term.length);
    if (begins && ends) return true;
  }
  return false;
}

const dayMs = 86_400_000;
// Each minute of a month asks for the same ones.
const parsed = new Map<unknown, unknown>();
const formatted = new Map<string, string>();

/** Null where one of the arguments is. */
const functions: Record<string, (args: unknown[]) => unknown> = {
  bin: ([value, step]) => Math.floor(Number(value) / Number(step)) * Number(step),
  startofday: ([time]) => Math.floor(Number(time) / dayMs) * dayMs,
  format_datetime: ([time, format]) => {
    const key = `${time} ${format}`;
    const text = formatted.get(key) ?? formatDate(Number(time), String(format));
    formatted.set(key, text);
    return text;
  },
  round: ([value, digits]) => Number(Number(value).toFixed(Number(digits))),
  abs: ([value]) => Math.abs(Number(value)),
  todouble: ([value]) => toNumber(value),
  toint: ([value]) => toInteger(value),
  tolong: ([value]) => toInteger(value),
  tobool: ([value]) => (typeof value === 'boolean' ? value : String(value) === 'true'),
  todatetime: ([value]) => toDate(String(value)),
  not: ([value]) => value !== true,
  parse_json: ([text]) => {
    if (!parsed.has(text)) parsed.set(text, JSON.parse(String(text)));
    return parsed.get(text);
  },
  extract: ([pattern, group, text]) =>
    String(text).match(new RegExp(String(pattern)))?.[Number(group)] ?? '',
  strcat_array: ([values, separator]) => (values as unknown[]).join(String(separator)),
};

function compileCall(syntax: Syntax, scope: Scope): Expression {
  const name = partOf(syntax, 'Name').text;
  const args = itemsOf(syntax, 'ArgumentList', 'Expressions').map((argument) =>
    compileExpression(argument, scope),
  );
  const [first = constant(null), second = constant(null), third = constant(null)] = args;
  switch (name) {
    case 'now':
      return () => scope.nowMs;
    case 'ago':
      return (row) => scope.nowMs - Number(first(row));
    case 'ingestion_time':
      return (row) => row[ingestionTime];
    case 'isnull':
      return (row) => isNull(first(row));
    case 'isempty':
      return (row) => toText(first(row)) === '';
    case 'isnotempty':
      return (row) => toText(first(row)) !== '';
    case 'iff':
      return (row) => (first(row) === true ? second(row) : third(row));
    case 'coalesce':
      return (row) => args.map((argument) => argument(row)).find((value) => toText(value) !== '');
    case 'tostring':
      return (row) => toText(first(row));
    case 'strcat':
      return (row) => args.map((argument) => toText(argument(row))).join('');
    default: {
      const compute = functions[name];
      if (!compute) throw new Error(`no function ${name} is known here: ${syntax.text}`);
      return strict(compute, args);
    }
  }
}

function toText(value: unknown): string {
  if (isNull(value)) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toNumber(value: unknown): number | null {
  const number = Number(value);
  return value === '' || Number.isNaN(number) ? null : number;
}

function toInteger(value: unknown): number | null {
  const number = toNumber(value);
  return number === null ? null : Math.trunc(number);
}

function formatDate(timeMs: number, format: string): string {
  const [date = '', time = ''] = new Date(timeMs).toISOString().split('T');
  const [yyyy = '', MM = '', dd = ''] = date.split('-');
  const [HH = '', mm = ''] = time.split(':');
  const parts: Record<string, string> = { yyyy, MM, dd, HH, mm };
  return format.replace(/[a-zA-Z]+/g, (letters) => {
    const part = parts[letters];
    if (part === undefined) throw new Error(`no ${letters} is known here: ${format}`);
    return part;
  });
}
