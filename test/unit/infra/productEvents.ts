import { createNight, type Night } from '../../support/night.ts';
import { startCredential, tokens } from '../partner-center/credentialHarness.ts';

/** Events as their lines hold them: the product's own, sent by its own parts. */

type Line = { event: string } & Record<string, unknown>;

/** Fields of each event, of all its lines together. */
export async function collectEventFields(): Promise<Map<string, Set<string>>> {
  const lines = [
    ...(await nightsUntilAnomaly()),
    ...(await partialNight()),
    ...(await failedNight()),
    ...(await refreshTokenTrouble()),
  ];
  const fields = new Map<string, Set<string>>();
  for (const { event, ...line } of lines) {
    const known = fields.get(event) ?? new Set(['event']);
    for (const name of Object.keys(line)) known.add(name);
    fields.set(event, known);
  }
  return fields;
}

/** As they would be written: fields that are undefined are not there. */
function linesOf({ events }: Night): Line[] {
  return events.map(({ event, fields }) => JSON.parse(JSON.stringify({ event, ...fields })));
}

const mostNights = 60;
const dayMs = 24 * 60 * 60_000;

async function nightsUntilAnomaly(): Promise<Line[]> {
  const night = createNight({ customers: 40, settings: { minimumCost: 1 } });
  for (let nights = 0; nights < mostNights; nights++) {
    await night.run();
    if (night.events.some(({ event }) => event === 'usage.anomaly.detected')) break;
    await night.clock.run(night.clock.sleep(dayMs));
  }
  return linesOf(night);
}

async function partialNight(): Promise<Line[]> {
  const night = createNight({ faults: { customerFails: { rate: 0.3 } } });
  await night.run();
  return linesOf(night);
}

async function failedNight(): Promise<Line[]> {
  const partnerTenantId = '6a3b7c10-0000-4000-8000-00000000000a';
  const refusal = { status: 400, body: '{"error":"invalid_grant","error_codes":[50173]}' };
  const night = createNight({
    partnerTenantId,
    overrides: { [`/${partnerTenantId}/oauth2/v2.0/token`]: refusal },
  });
  await night.run();
  return linesOf(night);
}

async function refreshTokenTrouble(): Promise<Line[]> {
  await using app = await startCredential(tokens);
  app.store.failure = new Error('no');
  await app.credential.getToken();
  return app.lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
}
