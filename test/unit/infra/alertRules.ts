import { readFileSync } from 'node:fs';
import { ingestionTime, type Row } from './kustoExpression.ts';
import { compileQuery } from './kustoQuery.ts';

/** Alert rules as Azure Monitor evaluates them, by its documentation. */

const infra = new URL('../../../infra/', import.meta.url);
export const readInfra = (path: string) => readFileSync(new URL(path, infra), 'utf8');

export const minuteMs = 60_000;
const windowMs = 2 * 24 * 60 * minuteMs;
/** A stateful alert of an hourly rule is over after so many evaluations without it. */
const evaluationsToResolve = 2;

export interface AlertRule {
  name: string;
  file: string;
  /** Columns that tell its alerts apart. */
  dimensions: string[];
  /** Fires when a row appears, and not again until it is resolved; else at each evaluation. */
  isStateful: boolean;
}

export const alertRules: AlertRule[] = [
  rule('no-complete-run-by-hour', 'noCompleteRunByHour.kql', []),
  rule('no-complete-run-for-26-hours', 'noCompleteRunFor26Hours.kql', []),
  rule('run-failed', 'runFailed.kql', []),
  rule('refresh-token', 'refreshToken.kql', []),
  rule('budget-digest', 'budgetDigest.kql', ['until', 'crossings']),
  rule('anomaly-digest', 'anomalyDigest.kql', ['until', 'anomalies']),
  rule('new-refusals', 'newRefusals.kql', ['until', 'refusals']),
  rule('lasting-failures', 'lastingFailures.kql', ['until', 'failures']),
  {
    ...rule('budget-crossing', 'budgetCrossing.kql', [
      'alertId',
      'customerId',
      'customerName',
      'thresholdKind',
      'threshold',
      'percentUsed',
    ]),
    isStateful: false,
  },
];

function rule(name: string, file: string, dimensions: string[]): AlertRule {
  return { name, file, dimensions, isStateful: true };
}

export function ruleOf(name: string): AlertRule {
  const found = alertRules.find((each) => each.name === name);
  if (!found) throw new Error(`no rule ${name}`);
  return found;
}

/** A line of the log, and when it came. Milliseconds since the epoch. */
export interface LogLine {
  loggedAtMs: number;
  message: string;
  ingestedAtMs: number;
  /** From then on queries see it. */
  seenFromMs: number;
}

/** What an evaluation at each minute would find: for each, the alerts by their dimensions. */
export type Findings = string[][];

export interface Period {
  fromMs: number;
  minutes: number;
  /** The day of the first night that was due, as the template is given it. */
  firstNight?: string;
}

/** What queries see at each minute of a period: the lines of two days, as far as they have come. */
export function showEachMinute(lines: LogLine[], { fromMs, minutes }: Period): Row[][] {
  const rows = lines.map(({ loggedAtMs, message, ingestedAtMs, seenFromMs }) => {
    const row: Row = { TimeGenerated: loggedAtMs, Message: message, [ingestionTime]: ingestedAtMs };
    return { row, fromMs: seenFromMs, toMs: loggedAtMs + windowMs };
  });
  return Array.from({ length: minutes }, (_, minute) => {
    const nowMs = fromMs + minute * minuteMs;
    return rows.filter((each) => each.fromMs <= nowMs && nowMs < each.toMs).map(({ row }) => row);
  });
}

/** Evaluates a rule at every minute of a period. */
export function evaluateEachMinute(
  { file, dimensions }: AlertRule,
  shown: Row[][],
  { fromMs, firstNight = 'null' }: Period,
): Findings {
  const text = readInfra(`queries/${file}`).replace(
    'let firstNight = datetime(null);',
    `let firstNight = datetime(${firstNight});`,
  );
  const query = compileQuery(text);
  return shown.map((rows, minute) =>
    query({ AppTraces: rows }, fromMs + minute * minuteMs).map((row) =>
      dimensions.map((name) => `${row[name]}`).join('\n'),
    ),
  );
}

export interface FiredAlert {
  /** Minute of the period. */
  minute: number;
  /** Its dimensions, one a line. */
  alert: string;
  /** Absent where it is not resolved within the period, or has no end. */
  resolvedMinute?: number;
}

/** What a rule fires when it is evaluated at some minutes of a period, in order. */
export function fire(
  { isStateful }: AlertRule,
  findings: Findings,
  minutes: number[],
): FiredAlert[] {
  const fired: FiredAlert[] = [];
  const open = new Map<string, { alert: FiredAlert; misses: number }>();
  for (const minute of minutes) {
    const alerts = new Set(findings[minute]);
    for (const [key, state] of open) {
      state.misses = alerts.has(key) ? 0 : state.misses + 1;
      if (state.misses < evaluationsToResolve) continue;
      state.alert.resolvedMinute = minute;
      open.delete(key);
    }
    for (const key of alerts) {
      if (open.has(key)) continue;
      const alert: FiredAlert = { minute, alert: key };
      fired.push(alert);
      if (isStateful) open.set(key, { alert, misses: 0 });
    }
  }
  return fired;
}

/** So many minutes an evaluation comes before or after its time at most. */
const maxJitterMinutes = 10;

export interface Evaluations {
  /** Minute of the hour, as far as nothing delays one. */
  phase: number;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Whether the evaluation of an hour is left out. */
  isSkipped?: (hour: number) => boolean;
}

/** The minutes of a period at which a rule is evaluated: about each hour. */
export function planEvaluations(
  { phase, random, isSkipped = () => false }: Evaluations,
  minutes: number,
): number[] {
  const planned: number[] = [];
  for (let hour = 0; hour * 60 < minutes; hour++) {
    const jitter = Math.round((2 * random() - 1) * maxJitterMinutes);
    const minute = hour * 60 + phase + jitter;
    if (minute >= 0 && minute < minutes && !isSkipped(hour)) planned.push(minute);
  }
  return planned;
}
