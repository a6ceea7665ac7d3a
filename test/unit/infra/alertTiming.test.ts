import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../simulation/dice.ts';
import {
  alertRules,
  evaluateEachMinute,
  type Findings,
  type FiredAlert,
  fire,
  planEvaluations,
  ruleOf,
  showEachMinute,
} from './alertRules.ts';
import { type Incident, incidents } from './monthIncidents.ts';
import {
  crossing,
  type Delay,
  type LoggedEvent,
  manyEvents,
  minuteOf,
  month,
  monthEvents,
  toLogLines,
  whenOf,
} from './simulatedMonth.ts';

/** Lines that are seen at once, that take their hour, and both mixed. */
const atOnce: Delay = { arrival: () => 0, seen: () => 0 };
const late: Delay = { arrival: () => 60, seen: () => 9 };
const dice = new Dice(1);
const mixed: Delay = { arrival: () => 60 * dice.next(), seen: () => 9 * dice.next() };

/** What a rule would find at each minute of the month. */
function find(name: string, events: LoggedEvent[], delay: Delay, period = month): Findings {
  const shown = showEachMinute(toLogLines(events, delay), period);
  return evaluateEachMinute(ruleOf(name), shown, period);
}

type Skip = (dice: Dice) => () => boolean;
const skipNone: Skip = () => () => false;
/** Leaves out one evaluation of ten, and up to so many in a row. */
const skipSome =
  (limit: number): Skip =>
  (own) => {
    let inARow = 0;
    return () => {
      const isSkipped = inARow < limit && own.chance(inARow === 0 ? 0.1 : 0.7);
      inARow = isSkipped ? inARow + 1 : 0;
      return isSkipped;
    };
  };

/** What a rule fires, for each minute of the hour at which Azure may evaluate it. */
function fireAtEachPhase(name: string, findings: Findings, skip = skipNone): FiredAlert[][] {
  return Array.from({ length: 60 }, (_, phase) => {
    const own = new Dice(phase);
    const plan = { phase, random: own.next, isSkipped: skip(own.fork()) };
    return fire(ruleOf(name), findings, planEvaluations(plan, findings.length));
  });
}

describe('In a simulated month', () => {
  const findings = new Map(
    alertRules.map(({ name }) => [
      name,
      [atOnce, late, mixed].map((delay) => find(name, monthEvents, delay)),
    ]),
  );
  const firedBy = (name: string, skip = skipNone) =>
    (findings.get(name) ?? []).flatMap((each) => fireAtEachPhase(name, each, skip));

  /** Whether an alert is about an incident: by name, or by time. */
  function isAbout(incident: Incident, rule: string): (alert: FiredAlert) => boolean {
    const { when, names } = incident;
    if (names) return ({ alert }) => names.some((name) => alert.includes(name));
    const next = incidents.find((each) => each.when > when && each.rules.includes(rule));
    const to = next ? minuteOf(next.when) : month.minutes;
    return ({ minute }) => minute >= minuteOf(when) && minute < to;
  }

  const expected = incidents.flatMap((incident) =>
    incident.rules.map((rule) => ({ incident, rule, text: `${incident.when}: ${incident.text}` })),
  );

  it.each(expected)('$rule fires once: $text', ({ incident, rule }) => {
    // Also where one evaluation is left out now and then.
    for (const alerts of [...firedBy(rule), ...firedBy(rule, skipSome(1))]) {
      const own = alerts.filter(isAbout(incident, rule));
      if (!incident.names) expect(own).toHaveLength(1);
      for (const name of incident.names ?? []) {
        expect(own.filter(({ alert }) => alert.includes(name))).toHaveLength(1);
      }
    }
  });

  it.each(alertRules.filter(({ isStateful }) => isStateful))(
    'nothing else fires $name',
    ({ name }) => {
      const own = incidents.filter(({ rules }) => rules.includes(name));
      for (const each of firedBy(name)) {
        expect(each.filter((alert) => !own.some((one) => isAbout(one, name)(alert)))).toEqual([]);
      }
    },
  );

  it('the hours are those of the documentation', () => {
    const rangeOf = (minutes: number[]) =>
      `${whenOf(Math.min(...minutes))} to ${whenOf(Math.max(...minutes))}`;
    const rows = expected.map(({ incident, rule }) => {
      const alerts = firedBy(rule).flat().filter(isAbout(incident, rule));
      const resolved = alerts.flatMap(({ resolvedMinute }) => resolvedMinute ?? []);
      const fires = rangeOf(alerts.map(({ minute }) => minute));
      return `| ${incident.when} | ${incident.text} | \`${rule}\` | ${fires} | ${rangeOf(resolved)} |`;
    });
    const docs = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    expect(docs.split('\n').filter((line) => /^\| d\d\d /.test(line))).toEqual(rows);
  });
});

/** Of a digest: how many it says that there are. */
const countOf = ({ alert }: FiredAlert) => Number(alert.match(/\n(\d+) /)?.[1]);
const untilOf = ({ alert }: FiredAlert) => alert.split('\n')[0];
const digests = [
  { name: 'budget-digest', event: 'budget.threshold.crossed', id: 'alertId' },
  { name: 'anomaly-digest', event: 'usage.anomaly.detected', id: 'customerId' },
  { name: 'new-refusals', event: 'snapshot.customer.failed', id: 'customerId' },
  { name: 'lasting-failures', event: 'snapshot.customer.failing', id: 'customerId' },
];

describe.each(digests)('$name', ({ name, event, id }) => {
  const events = manyEvents.filter((each) => each.event === event);
  const ids = new Set(events.map(({ fields }) => fields[id]));

  const found = find(name, events, mixed);

  it.each([
    ['whenever in the hour it is evaluated', found, skipNone],
    ['where up to four evaluations in a row are left out', found, skipSome(4)],
  ])('names everything once, %s', (_, findings, skip) => {
    for (const alerts of fireAtEachPhase(name, findings, skip)) {
      expect(new Set(alerts.map(untilOf)).size).toBe(alerts.length);
      expect(alerts.reduce((sum, alert) => sum + countOf(alert), 0)).toBe(ids.size);
    }
  });
});

it('A digest comes again, whole, where a line is seen later than ten minutes after its arrival', () => {
  const [first, second] = [crossing('d05 02:50', 1), crossing('d05 02:55', 2)];
  const lines = [
    ...toLogLines([first], atOnce),
    ...toLogLines([second], { arrival: () => 0, seen: () => 30 }),
  ];
  const findings = evaluateEachMinute(ruleOf('budget-digest'), showEachMinute(lines, month), month);
  const [alerts = []] = fireAtEachPhase('budget-digest', findings).slice(15);
  expect(alerts.map(countOf)).toEqual([1, 2]);
});

describe('budget-crossing', () => {
  const events = manyEvents.filter(({ event }) => event === 'budget.threshold.crossed');
  const findings = find('budget-crossing', events, mixed);
  const idsOf = (alerts: FiredAlert[]) => alerts.map(({ alert }) => alert.split('\n')[0]);
  const timesOf = (alerts: FiredAlert[]) => {
    const times = new Map<string | undefined, number>();
    for (const id of idsOf(alerts)) times.set(id, (times.get(id) ?? 0) + 1);
    return times;
  };
  const crossings = new Set(events.map(({ fields }) => fields['alertId']));

  it('fires for each alertId, three times at most', () => {
    for (const alerts of fireAtEachPhase('budget-crossing', findings)) {
      const times = timesOf(alerts);
      expect(times.size).toBe(crossings.size);
      expect(Math.min(...times.values())).toBeGreaterThanOrEqual(1);
      expect(Math.max(...times.values())).toBeLessThanOrEqual(3);
    }
  });

  it('loses none where an evaluation is left out', () => {
    for (const alerts of fireAtEachPhase('budget-crossing', findings, skipSome(1))) {
      expect(timesOf(alerts).size).toBe(crossings.size);
    }
  });

  it('has no empty dimension where a customer has no name', () => {
    const nameless = crossing('d05 02:50', 1);
    nameless.fields['customerName'] = '';
    const [alert = ''] = find('budget-crossing', [nameless], atOnce)[minuteOf('d05 03:00')] ?? [];
    expect(alert.split('\n')).toEqual([
      'alert-1',
      nameless.fields['customerId'],
      nameless.fields['customerId'],
      'actual',
      '100',
      '104',
    ]);
  });
});

describe('Of a deployment without any line', () => {
  const severityOne = ['no-complete-run-by-hour', 'no-complete-run-for-26-hours'];

  it.each([
    ['no-complete-run-by-hour', 'd02 13:00'],
    ['no-complete-run-for-26-hours', 'd03 03:01'],
  ])('%s fires once, after the first night was due', (name, from) => {
    const findings = find(name, [], atOnce);
    const first = findings.findIndex((alerts) => alerts.length > 0);
    expect(whenOf(first)).toBe(from);
    for (const alerts of fireAtEachPhase(name, findings)) {
      expect(alerts).toHaveLength(1);
      expect(alerts[0]?.resolvedMinute).toBeUndefined();
    }
  });

  it('no other rule fires', () => {
    for (const { name } of alertRules.filter((rule) => !severityOne.includes(rule.name))) {
      expect(find(name, [], atOnce).flat()).toEqual([]);
    }
  });

  it.each(severityOne)(
    '%s fires at once where the first night is not known, or long ago',
    (name) => {
      const { firstNight: _, ...unbounded } = month;
      for (const period of [unbounded, { ...month, firstNight: '2026-02-01' }]) {
        expect(find(name, [], atOnce, period).every((alerts) => alerts.length === 1)).toBe(true);
      }
    },
  );
});
