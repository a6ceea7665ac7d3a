import { FieldReport } from '../../../src/snapshot/fieldReport.ts';
import { createEventLog } from '../../../src/telemetry/eventLog.ts';
import { createNight, type Night } from '../../support/night.ts';
import { startCredential, tokens } from '../sign-in/credentialHarness.ts';

/** Events as their lines hold them: the product's own, sent by its own parts. */

/** A line as it is logged, and when: milliseconds since the epoch. */
export interface LoggedLine {
  loggedAtMs: number;
  message: string;
}

const dayMs = 24 * 60 * 60_000;
/** Days of their own for what is not settled; what follows begins later. */
const start = '2026-03-10T02:30:00Z';
const startOfFailures = '2026-03-05T02:30:00Z';
const startMs = Date.parse(start);

/** The lines of some scenarios; each event is in one of them. */
export async function collectLines(): Promise<LoggedLine[]> {
  return [
    ...(await nightsUntilAnomaly()),
    ...(await partialNight()),
    ...(await failingNights()),
    ...(await refusals()),
    ...unreadableField(),
    ...(await unreadablePlans()),
    ...(await failedNight()),
    ...(await refreshTokenTrouble()),
  ];
}

/** Fields of each event, of all its lines together. */
export function fieldsOf(lines: LoggedLine[]): Map<string, Set<string>> {
  const fields = new Map<string, Set<string>>();
  for (const { message } of lines) {
    const { event, ...line } = JSON.parse(message) as { event: string };
    const known = fields.get(event) ?? new Set(['event']);
    for (const name of Object.keys(line)) known.add(name);
    fields.set(event, known);
  }
  return fields;
}

/** Runs one night after the other until one is the last. */
async function linesOf(night: Night, isLast: (nights: number) => boolean): Promise<LoggedLine[]> {
  const lines: LoggedLine[] = [];
  for (let nights = 1; ; nights++) {
    const before = night.events.length;
    await night.run();
    const loggedAtMs = night.clock.now();
    for (const { event, fields } of night.events.slice(before)) {
      // Fields that are undefined are not in a line.
      lines.push({ loggedAtMs, message: JSON.stringify({ event, ...fields }) });
    }
    if (isLast(nights)) break;
    await night.clock.advance(dayMs - (night.clock.now() % dayMs) + 2.5 * 3_600_000);
  }
  return lines;
}

/** As many as a workbook shows. */
const maxNights = 29;
const one = () => true;

async function nightsUntilAnomaly(): Promise<LoggedLine[]> {
  const depth = { level: 'resources', minimumCost: 1 } as const;
  const night = createNight({ start, customers: 40, settings: { minimumCost: 1, depth } });
  const isLast = (nights: number) =>
    nights === maxNights ||
    night.events.some(
      // One whose causes are known: on the first days of a billing period they are not.
      ({ event, fields }) => event === 'usage.anomaly.detected' && fields['causes'] !== undefined,
    );
  return linesOf(night, isLast);
}

async function partialNight(): Promise<LoggedLine[]> {
  return linesOf(
    createNight({ start: startOfFailures, faults: { customerFails: { rate: 0.3 } } }),
    one,
  );
}

async function failingNights(): Promise<LoggedLine[]> {
  const night = createNight({ start: startOfFailures, customers: 60 });
  night.simulator.faults = { customerFails: { ids: idsWithUsage(night).slice(0, 1) } };
  return linesOf(night, (nights) => nights === 3);
}

async function refusals(): Promise<LoggedLine[]> {
  const night = createNight({ start, customers: 60 });
  night.simulator.faults = { customerRefused: { ids: idsWithUsage(night).slice(0, 2) } };
  return linesOf(night, one);
}

function unreadableField(): LoggedLine[] {
  const lines: LoggedLine[] = [];
  const report = new FieldReport();
  report.note('a customer', [{ field: 'billingStartDate', kind: 'an empty string' }]);
  report.emit(
    createEventLog((_, message) => void lines.push({ loggedAtMs: startMs, message })),
    { unfamiliarNoUsage: 0 },
  );
  return lines;
}

async function unreadablePlans(): Promise<LoggedLine[]> {
  const depth = { level: 'resources', minimumCost: 1 } as const;
  const night = createNight({ start, customers: 20, settings: { depth } });
  const failure = { status: 500, body: '{}' };
  for (const { id, subscriptions } of night.simulator.customers()) {
    for (const { id: plan } of subscriptions) {
      const path = `/v1/customers/${id}/subscriptions/${plan}`;
      night.simulator.overrides[`${path}/resourceusagerecords`] = failure;
    }
  }
  return linesOf(night, one);
}

async function failedNight(): Promise<LoggedLine[]> {
  const partnerTenantId = '6a3b7c10-0000-4000-8000-00000000000a';
  const refusal = { status: 400, body: '{"error":"invalid_grant","error_codes":[50173]}' };
  const overrides = { [`/${partnerTenantId}/oauth2/v2.0/token`]: refusal };
  return linesOf(createNight({ start, partnerTenantId, overrides }), one);
}

async function refreshTokenTrouble(): Promise<LoggedLine[]> {
  await using app = await startCredential(tokens);
  app.store.failure = new Error('no');
  await app.credential.getToken();
  return app.lines.map((line) => ({
    loggedAtMs: startMs,
    message: line.slice(line.indexOf('{')),
  }));
}

function idsWithUsage(night: Night): string[] {
  return [...night.simulator.customers()]
    .filter(({ kind }) => kind !== 'licensesOnly')
    .map(({ id }) => id);
}
