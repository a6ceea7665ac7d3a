import { computeNextRun } from '../../src/config/schedule.ts';
import type { Entity } from '../../src/storage/columns.ts';
import { problemsOfAlerts } from './alertRules.ts';
import { problemsOfCosts } from './costRules.ts';
import type { DayPlan } from './daySchedule.ts';
import type { Partner } from './partner.ts';
import { resourceOfRow } from './rowFigures.ts';
import { numberOf } from './rows.ts';
import { spanOf } from './runRules.ts';
import { periodOf } from './showing.ts';
import { clientSecret, type World } from './world.ts';

/** What must hold once all is quiet. */
export async function checkEnd(world: World, plans: readonly DayPlan[], partner: Partner) {
  let calmDates = 0;
  for (const plan of plans) {
    checkDay(world, plan, partner, calmDates);
    calmDates = plan.quietFromMs === undefined ? 0 : calmDates + 1;
  }
  world.lastTotals.checkAll();
  await checkTables(world);
  checkRefreshToken(world);
}

function checkDay(
  world: World,
  { date, quietFromMs }: DayPlan,
  partner: Partner,
  calmDatesBefore: number,
): void {
  const { ledger, trace, dayRules } = world;
  const runs = [...ledger.partition('SnapshotRuns', date).values()];
  for (const run of runs) trace.count(`runs.${String(run['status'])}`);
  const complete = runs.filter((run) => run['status'] === 'complete');
  trace.count(complete.length > 0 ? 'days.complete' : 'days.incomplete');
  if (quietFromMs !== undefined && complete.length === 0) {
    checkIncomplete(world, date, runs, calmDatesBefore);
  }
  // Where faults last, a customer that was refused may be served again, and fail.
  for (const run of quietFromMs === undefined ? [] : complete) {
    for (const problem of dayRules.problemsOfCompleteDay(date, spanOf(run), run.rowKey)) {
      trace.report('complete', `${date}, at the end: ${problem}`);
    }
  }
  const last = runs.findLast((run) => run['scope'] === 'all');
  if (last?.['isDepthDone'] === true && numberOf(last, 'depthFailed') === 0) {
    trace.count('days.detailed');
    for (const problem of world.detailRules.problemsOfDoneDay(date, last)) {
      trace.report('details', `${date}, at the end: ${problem}`);
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
    for (const problem of problemsOfAlerts(ledger, world.logged, date)) {
      trace.report('alerts', `${date}, at the end: ${problem}`);
    }
    checkClosing(world, date, partner);
  }
  checkRunning(world, date, runs);
}

/** Where not everybody can be captured, all others are: a failure is nobody else's. */
function checkIncomplete(
  world: World,
  date: string,
  runs: readonly Entity[],
  calmDatesBefore: number,
): void {
  const { sky, trace, ledger, customers, settings } = world;
  const ends = runs.map((run) => `${String(run['status'])}: ${String(run['error'])}`).join(' | ');
  if (!sky.lasting.some(({ isInTheWay }) => isInTheWay(calmDatesBefore))) {
    trace.report('noDayIsLost', `${date}: no complete run; ${ends}`);
    return;
  }
  const areRecordsServed = !sky.lasting.some(({ kind }) => kind === 'lastingRefusedRecords');
  for (const { id, isListed, hasUsageRecord } of customers) {
    const isNamed = areRecordsServed || (isListed && settings.customers === 'all');
    const isServed = hasUsageRecord && !sky.lasting.some((each) => each.unserved.has(id));
    const outcome = ledger.partition('UsageByDay', date).get(id)?.['outcome'];
    if (!isNamed || !isServed || outcome === 'usage' || outcome === 'noUsage') continue;
    const facts = `${id} is ${String(outcome)}, with ${sky.lasting.map((each) => each.kind)}`;
    trace.report('noDayIsLost', `${date}: ${facts}; ${ends}`);
  }
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

/**
 * Of a period that Partner Center shows at 22:00 and not to the next nightly run any more, the last
 * total was asked for from then on: figures may have come since the night.
 */
function checkClosing(world: World, date: string, partner: Partner): void {
  const { ledger, trace, simulator, lastTotals } = world;
  const closingMs = Date.parse(`${date}T22:00:00Z`);
  const nextNightMs = computeNextRun(partner.schedule, closingMs) ?? 0;
  for (const row of ledger.partition('UsageByDay', date).values()) {
    // Partner Center did not say when the period ends, or that there is one.
    if (periodOf(row['billingStartDate']) === undefined) continue;
    const resource = resourceOfRow(row);
    const periodAt = (atMs: number) =>
      periodOf(simulator.expectedCustomer(row.rowKey, atMs).billingStartDate) ?? '';
    const period = periodAt(closingMs);
    if (period === periodAt(nextNightMs)) continue;
    const seen = lastTotals.lastSeen(resource, period);
    if (seen && seen.atMs >= closingMs) continue;
    const at = seen ? new Date(seen.atMs).toISOString() : 'never';
    trace.report('closing', `${date} ${row.rowKey}: period ${period} was last seen ${at}`);
  }
}

/** The tables hold what was written to them, each key once, and nobody who does not exist. */
async function checkTables({ tables, ledger, customers, trace }: World): Promise<void> {
  const known = new Set(customers.map(({ id }) => id));
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
