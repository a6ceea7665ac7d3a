import { errorAnswer, jsonHeaders, type SimulatorAnswer } from './exchange.ts';
import { meterRowsOf } from './meterRows.ts';
import type { Pieces } from './pieces.ts';
import type { Quirks } from './quirks.ts';
import { legacyMeterRecordsBody, meterRecordsBody, resourceRecordsBody } from './recordBodies.ts';
import type { RecordFigures } from './recordFigures.ts';
import { resourceRowsOf } from './resourceRows.ts';
import type { RouteKind } from './route.ts';

/** The records of a subscription's or plan's resources or meters. */
export function answerRecords(kind: RouteKind, figures: RecordFigures): SimulatorAnswer {
  const { quirks } = figures;
  const isLegacy = figures.customer.kind === 'legacy';
  const isOtherKind = !kindsOf(isLegacy, quirks).includes(kind);
  if (quirks.recordsNotFound || (isOtherKind && quirks.wrongKindNotFound)) {
    return errorAnswer(404, 20003, 'The subscription is not found.');
  }
  if (isOtherKind) {
    return errorAnswer(
      400,
      800002,
      `The subscription is ${isLegacy ? 'not an' : 'an'} Azure plan.`,
    );
  }
  return {
    status: 200,
    headers: jsonHeaders,
    body: bodyOf(kind, figures),
    ...(quirks.slowRecordsMs !== undefined && { delayMs: quirks.slowRecordsMs }),
  };
}

function kindsOf(isLegacy: boolean, { formerMetersOnly }: Quirks): RouteKind[] {
  if (!isLegacy) return ['resourceUsageRecords', 'meterUsageRecords'];
  return ['formerMeterUsageRecords', ...(formerMetersOnly ? [] : (['meterUsageRecords'] as const))];
}

function bodyOf(kind: RouteKind, figures: RecordFigures): Pieces {
  if (kind === 'resourceUsageRecords') return resourceRecordsBody(figures, resourceRowsOf(figures));
  const rows = meterRowsOf(figures);
  if (figures.customer.kind !== 'legacy') return meterRecordsBody(figures, rows);
  const name = kind === 'meterUsageRecords' ? 'meterusagerecords' : 'usagerecords/resources';
  return legacyMeterRecordsBody(name, figures, rows);
}
