import { gzipSync } from 'node:zlib';
import { UnreadableError } from '../errors.ts';
import type { HttpResponse } from '../network/transport.ts';
import { parseLiteralJson } from '../usage/literalJson.ts';
import type { Plan } from '../usage/plan.ts';
import {
  DetailTotals,
  mergeUsageDetails,
  type UsageDetail,
  type UsageDetails,
} from '../usage/usageDetails.ts';
import type { BodyReader } from './bodyReader.ts';
import type { Connection } from './connection.ts';
import { fromApiUsageDetail } from './convert.ts';
import { createPageReader, type Page } from './pageReader.ts';
import { listPages, type PageLocation } from './paging.ts';
import { isEndOfList } from './responseError.ts';
import { readTolerantly } from './tolerantReading.ts';
import { usageDetailSchema } from './wire.ts';

/** A plan or legacy subscription whose records are asked for. */
export interface DetailedResource {
  /** `/v1/customers/{id}/subscriptions/{id}`. */
  path: string;
  plan: Plan;
  /** That of its total; records in another currency are not added up. */
  currencyCode?: string | undefined;
}

/**
 * The records of an Azure plan by resource, or of a legacy subscription by meter; the former route
 * of the latter is asked where the new one has none (Partner Center: resource usage records, meter
 * usage records, monthly usage records for a subscription).
 *
 * Memory grows with neither the records nor their texts, only with their gzip.
 *
 * @returns `undefined` where Partner Center has no such records of this kind of plan (400 or 404)
 * @throws UnreadableError for a list that breaks off, or items that are no JSON
 */
export async function readUsageDetails(
  connection: Connection,
  resource: DetailedResource,
): Promise<UsageDetails | undefined> {
  for (const route of routes[resource.plan]) {
    const details = await readRoute(connection, resource, `${resource.path}/${route}`);
    if (details) return details;
  }
  return undefined;
}

const routes: Readonly<Record<Plan, readonly string[]>> = {
  azurePlan: ['resourceusagerecords'],
  payAsYouGo: ['meterusagerecords', 'usagerecords/resources'],
};

/** A page, and what its records add up to. */
type DetailPage = Page<undefined> & { details: UsageDetails };

async function readRoute(
  connection: Connection,
  { plan, currencyCode }: DetailedResource,
  path: string,
): Promise<UsageDetails | undefined> {
  const read: UsageDetails[] = [];
  let isAvailable = true;
  const getPage = async ({ isContinuation, ...location }: PageLocation) => {
    const accepts = isContinuation ? isEndOfList : isNotAvailable;
    const call = { ...location, level: 'resource', accepts, isStreamed: true } as const;
    const page = (await connection.get(call, () => createDetailReader(plan, currencyCode)))?.value;
    if (page) read.push(page.details);
    else if (!isContinuation) isAvailable = false;
    return page;
  };
  const { baseUrl } = connection;
  const facts = connection.factsOf(path);
  const pages = listPages({ path, baseUrl, facts, getPage });
  for (;;) {
    const page = await pages.next();
    if (!isAvailable) return undefined;
    if (!page.done) continue;
    if (page.value.isCertain) return mergeUsageDetails(read);
    const message = `GET ${path}: a continuation was answered that the list has ended`;
    throw new UnreadableError('LIST_BROKEN_OFF', message, facts);
  }
}

/** The other kind of plan, or no usage data. */
function isNotAvailable({ status }: HttpResponse): boolean {
  return status === 400 || status === 404;
}

function createDetailReader(plan: Plan, currencyCode: string | undefined): BodyReader<DetailPage> {
  const totals = new DetailTotals(plan === 'azurePlan' ? 'resources' : 'meters', currencyCode);
  const lines = new GzipLines();
  const reader = createPageReader((text) => {
    // Line breaks between the parts of a record; a string has none.
    lines.add(text.trim().replace(/\s*[\r\n]\s*/g, ' '));
    totals.add(readDetail(text));
    return undefined;
  });
  return {
    write: (text) => reader.write(text),
    end() {
      const page = reader.end();
      if (!page.success) return page;
      return { success: true, data: { ...page.data, details: totals.end(lines.end()) } };
    },
  };
}

function readDetail(text: string): UsageDetail {
  try {
    const read = readTolerantly(usageDetailSchema, parseLiteralJson(text));
    if (read.success) return fromApiUsageDetail(read.data);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { unreadable: [{ field: 'record', kind: 'a text that is no record' }] };
}

/** Text is compressed when there is so much of it. */
const charactersPerMember = 256 * 1024;

/** Lines in gzip, a member for each piece of text. */
class GzipLines {
  #text = '';
  readonly #members: Buffer[] = [];

  add(line: string): void {
    this.#text += `${line}\n`;
    if (this.#text.length >= charactersPerMember) this.#compress();
  }

  end(): Uint8Array {
    // Without records, it is the gzip of an empty text.
    if (this.#text !== '' || this.#members.length === 0) this.#compress();
    return Buffer.concat(this.#members);
  }

  #compress(): void {
    this.#members.push(gzipSync(this.#text));
    this.#text = '';
  }
}
