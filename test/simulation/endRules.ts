import { computeNextRun } from '../../src/schedule.ts';
import type { Entity } from '../../src/storage/columns.ts';
import { problemsOfAlerts } from './alertRules.ts';
import { problemsOfCosts } from './costRules.ts';
import type { DayPlan } from './daySchedule.ts';
import type { Partner } from './partner.ts';
import { spanOf } from './runRules.ts';
import { clientSecret, type World } from './world.ts';

/** What must hold once all is quiet. */
export async function checkEnd(world: World, plans: readonly DayPlan[], partner: Partner) {
  for (const plan of plans) checkDay(world, plan, partner);
  await checkTables(world);
  checkRefreshToken(world);
}

function checkDay(world: World, { date, quietFromMs }: DayPlan, partner: Partner): void {
  const { ledger, trace, dayRules } = world;
  const runs = [...ledger.partition('SnapshotRuns', date).values()];
  for (const run of runs) trace.count(`runs.${String(run['status'])}`);
  const complete = runs.filter((run) => run['status'] === 'complete');
  trace.count(complete.length > 0 ? 'days.complete' : 'days.incomplete');
  if (quietFromMs !== undefined && complete.length === 0) {
    const ends = runs.map((run) => `${String(run['status'])}: ${String(run['error'])}`);
    trace.report('noDayIsLost', `${date}: no complete run; ${ends.join(' | ')}`);
  }
  // Where faults last, a customer that was refused may be served again, and fail.
  for (const run of quietFromMs === undefined ? [] : complete) {
    for (const problem of dayRules.problemsOfCompleteDay(date, spanOf(run))) {
      trace.report('complete', `${date}, at the end: ${problem}`);
    }
  }
  for (const row of ledger.partition('UsageByDay', date).values()) {
    if (row['outcome'] === 'failed') continue;
    if (quietFromMs === undefined && isBehind(world, row)) continue;
    for (const problem of dayRules.problemsOfDoneCustomer(date, row)) {
      trace.report('ledger', `${date}: ${problem}`);
    }
  }
  if (quietFromMs !== undefined) {
    for (const problem of dayRules.problemsOfTotals(date)) {
      trace.report('totals', `${date}, at the end: ${problem}`);
    }
    for (const problem of problemsOfCosts(ledger, date)) {
      trace.report('costs', `${date}, at the end: ${problem}`);
    }
    for (const problem of problemsOfAlerts(ledger, world.told, date)) {
      trace.report('alerts', `${date}, at the end: ${problem}`);
    }
    checkClosing(world, date, partner);
  }
  checkRunning(world, date, runs);
}

/** Histories are written first: where faults last, the ledger may not have come after them. */
function isBehind({ ledger }: World, day: Entity): boolean {
  const own = ledger.partition('UsageByCustomer', day.rowKey).get(`customer|${day.partitionKey}`);
  return String(own?.['capturedAt']) > String(day['capturedAt']);
}

/** A run that says `running` is dead, and the next one that got through closes it. */
function checkRunning({ trace }: World, date: string, runs: readonly Entity[]): void {
  // In the order in which they were first written: each had the lease then.
  const lastComplete = runs.findLastIndex((run) => run['status'] === 'complete');
  for (const run of runs.slice(0, Math.max(0, lastComplete))) {
    if (run['status'] === 'running') trace.report('running', `${date} ${run.rowKey}`);
  }
}

/** Periods that end before the next nightly run are looked at once more, from 22:00 on. */
function checkClosing({ ledger, trace, excuses }: World, date: string, partner: Partner): void {
  const closingMs = Date.parse(`${date}T22:00:00Z`);
  const nextNightMs = computeNextRun(partner.schedule, closingMs) ?? 0;
  if (excuses.hidden.some(({ toMs }) => toMs >= closingMs)) return;
  for (const row of ledger.partition('UsageByDay', date).values()) {
    const end = row['billingEndDate'];
    if (end === undefined || periodEndMs(String(end), row) > nextNightMs) continue;
    if (Date.parse(String(row['capturedAt'])) >= closingMs) continue;
    trace.report('closing', `${date} ${row.rowKey}: captured at ${String(row['capturedAt'])}`);
  }
}

/** An Azure plan's period ends with its end date, a legacy one a day later. */
function periodEndMs(end: string, row: Entity): number {
  const dayMs = row['plan'] === 'azurePlan' ? 0 : 86_400_000;
  return Date.parse(end) + dayMs;
}

/** The tables hold what was written to them, each key once, and nobody who does not exist. */
async function checkTables({ tables, ledger, simulator, trace }: World): Promise<void> {
  const known = new Set([...simulator.customers()].map(({ id }) => id));
  const everything = { partitions: { from: '', to: '\uffff' } };
  for (const table of ['UsageByCustomer', 'UsageByDay'] as const) {
    const keys = new Set<string>();
    for await (const row of tables[table].list(everything)) {
      const partitionKey = String(row['partitionKey']);
      const rowKey = String(row['rowKey']);
      const key = `${partitionKey} ${rowKey}`;
      if (keys.has(key)) trace.report('doubled', `${table} ${key}`);
      keys.add(key);
      const customerId = table === 'UsageByDay' ? rowKey : partitionKey;
      if (customerId !== 'partner' && !known.has(customerId)) {
        trace.report('doubled', `${table} ${key}: nobody's`);
      }
      if (!ledger.partition(table, partitionKey).has(rowKey)) {
        trace.report('doubled', `${table} ${key}: written unseen`);
      }
    }
  }
}

/** The stored refresh token is good for another night. */
function checkRefreshToken({ simulator, refreshToken, trace }: World): void {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken.token,
    client_id: 'app',
    client_secret: clientSecret,
    scope: 'https://api.partnercenter.microsoft.com/.default offline_access',
  }).toString();
  const path = `/${simulator.partnerTenantId}/oauth2/v2.0/token`;
  const { status } = simulator.handle({ method: 'POST', path, headers: {}, body });
  if (status !== 200) trace.report('refreshToken', `the stored one is answered by ${status}`);
}
