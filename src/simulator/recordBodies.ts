import { makeAwkward } from './awkwardValues.ts';
import { turnOf } from './customerQuirks.ts';
import { rawNumber, type Scaled, timesRate, toLiteral } from './decimal.ts';
import type { MeterRow } from './meterRows.ts';
import { Pieces } from './pieces.ts';
import type { Quirks } from './quirks.ts';
import type { RecordFigures } from './recordFigures.ts';
import type { ResourceRow, ResourceRows } from './resourceRows.ts';
import { currencyOf, selfLink, subscriptionIdOf } from './usageBody.ts';

/** Records in a piece of a body: some 60 kB. */
const pieceSize = 100;

type Fields = Record<string, unknown>;

/** `…/resourceusagerecords` of a plan. */
export function resourceRecordsBody(figures: RecordFigures, rows: ResourceRows) {
  const toRecord = (row: ResourceRow) => resourceRecord(figures, row);
  return collectionOf('resourceusagerecords', figures, rows, rows.count, toRecord);
}

/** `…/meterusagerecords` of a plan. */
export function meterRecordsBody(figures: RecordFigures, rows: MeterRow[]) {
  const toRecord = (row: MeterRow) => meterRecord(figures, row);
  return collectionOf('meterusagerecords', figures, rows, rows.length, toRecord);
}

/**
 * `…/usagerecords/resources` of a legacy subscription, and its `…/meterusagerecords`, where the
 * records also say when they were modified.
 */
export function legacyMeterRecordsBody(
  name: 'usagerecords/resources' | 'meterusagerecords',
  figures: RecordFigures,
  rows: MeterRow[],
) {
  const { lastModifiedDate } = figures;
  const dates = name === 'meterusagerecords' ? { lastModifiedDate } : {};
  const toRecord = (row: MeterRow) => legacyMeterRecord(figures, row, dates);
  return collectionOf(name, figures, rows, rows.length, toRecord);
}

function collectionOf<Row>(
  name: string,
  figures: RecordFigures,
  rows: Iterable<Row>,
  count: number,
  toRecord: (row: Row) => Fields,
): Pieces {
  const { customer, subscription, quirks } = figures;
  const path = `/customers/${customer.id}/subscriptions/${subscription.id}/${name}`;
  const totalCount = count + (quirks.wrongTotalCount ? 7 : 0);
  const tail = { links: selfLink(path), attributes: { objectType: 'Collection' } };
  return new Pieces(function* () {
    yield `{"totalCount":${totalCount},"items":[`;
    let separator = '';
    let piece: string[] = [];
    for (const row of rows) {
      piece.push(JSON.stringify(makeAwkward(toRecord(row), quirks, turnOf(customer))));
      if (piece.length < pieceSize) continue;
      yield separator + piece.join(',');
      separator = ',';
      piece = [];
    }
    if (piece.length > 0) yield separator + piece.join(',');
    yield `],${JSON.stringify(tail).slice(1)}`;
  });
}

function resourceRecord(figures: RecordFigures, row: ResourceRow): Fields {
  const { customer, subscription, quirks } = figures;
  const { resource, azureSubscription, uri, cost } = row;
  return {
    subscriptionId: subscriptionIdOf(customer, subscription, quirks),
    ...(uri !== undefined && {
      resourceUri: uri && azureSubscription ? uriOf(uri, azureSubscription.id, quirks) : uri,
      resourceType: resource?.provider ?? null,
    }),
    ...(azureSubscription && {
      entitlementId: inCaseOf(azureSubscription.id, quirks),
      entitlementName: quirks.namelessRecords ? null : azureSubscription.name,
    }),
    ...(uri !== undefined && {
      resourceGroupName: quirks.namelessRecords ? null : (resource?.resourceGroup ?? null),
      name: resource?.name ?? '',
      resourceName: resource?.name ?? '',
    }),
    ...costOf(figures, cost),
    attributes: { objectType: 'ResourceUsageRecord' },
  };
}

function inCaseOf(id: string, { upperCaseIds }: Quirks): string {
  return upperCaseIds ? id.toUpperCase() : id;
}

function uriOf(uri: string, azureSubscriptionId: string, quirks: Quirks): string {
  return uri.replace(azureSubscriptionId, inCaseOf(azureSubscriptionId, quirks));
}

function meterRecord(figures: RecordFigures, row: MeterRow): Fields {
  const { customer, subscription, quirks } = figures;
  const { meterId, name, category, subcategory, unit } = row.meter;
  return {
    subscriptionId: subscriptionIdOf(customer, subscription, quirks),
    meterId,
    meterName: name,
    category,
    subcategory,
    quantityUsed: rawNumber(row.quantity),
    unit,
    ...costOf(figures, row.cost),
    attributes: { objectType: 'MeterUsageRecord' },
  };
}

function costOf({ customer, lastModifiedDate }: RecordFigures, cost: Scaled): Fields {
  return {
    totalCost: rawNumber(toLiteral(cost)),
    ...currencyOf(customer),
    usdTotalCost: rawNumber(centsLiteral(timesRate(cost, customer.currency.usdRate ?? 0))),
    lastModifiedDate,
  };
}

/** Rounded to cents, and written with the digits of a double: 2.4700000000000002. */
function centsLiteral(usd: Scaled): string {
  const cents = Math.round(Number(usd) / 1e18);
  return (cents / 100).toFixed(16).replace(/\.?0+$/, '');
}

function legacyMeterRecord(figures: RecordFigures, row: MeterRow, dates: Fields): Fields {
  const { id, name, category, subcategory, unit } = row.meter;
  return {
    category,
    subcategory,
    quantityUsed: rawNumber(row.quantity),
    unit,
    id,
    name,
    totalCost: rawNumber(toLiteral(row.cost)),
    ...currencyOf(figures.customer),
    ...dates,
    attributes: { objectType: 'AzureResourceMonthlyUsageRecord' },
  };
}
