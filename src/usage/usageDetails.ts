import Big from 'big.js';
import { type Amount, toAmount } from './amount.ts';
import { metersId, unassignedId } from './azureSubscriptionSnapshot.ts';
import type { UnreadableField } from './unreadableField.ts';

/** What one resource, or one meter, has cost in the billing period so far. */
export interface UsageDetail {
  /** Lower case; absent where the record belongs to none, and in records by meter. */
  azureSubscriptionId?: string;
  azureSubscriptionName?: string;
  /** In the billing currency; absent where it could not be read. */
  totalCost?: Amount;
  usdTotalCost?: Amount;
  /** As sent. */
  currencyCode?: string;
  /** As sent. */
  lastModifiedDate?: string;
  unreadable?: UnreadableField[];
}

/** The sum of the records of one Azure subscription. */
export interface DetailTotal {
  /** The first that a record has. */
  name?: string;
  totalCost: Amount;
  /** Whole cents of each record; absent where a record has none. */
  usdTotalCost?: Amount;
}

/** What the cost of a plan, or of a legacy subscription, consists of. */
export interface UsageDetails {
  /** By the id of the Azure subscription, or what takes its place. */
  totals: ReadonlyMap<string, DetailTotal>;
  /** The latest of all records, as sent; absent where none has one. */
  lastModifiedDate?: string;
  records: number;
  unreadable: UnreadableField[];
  /** The records as received, one a line: gzip, possibly of several members. */
  ndjsonGzip: Uint8Array;
}

interface Sum {
  name?: string;
  totalCost: Big;
  usdTotalCost: Big | undefined;
}

/** Sums the records of a plan while they are read. */
export class DetailTotals {
  readonly #kind: 'resources' | 'meters';
  readonly #currencyCode: string | undefined;
  readonly #sums = new Map<string, Sum>();
  readonly #unreadable: UnreadableField[] = [];
  #lastModifiedDate: string | undefined;
  #records = 0;

  /** @param currencyCode that of the total; records in another currency are not added to it */
  constructor(kind: 'resources' | 'meters', currencyCode: string | undefined) {
    this.#kind = kind;
    this.#currencyCode = currencyCode;
  }

  add(detail: UsageDetail): void {
    this.#records++;
    if (detail.unreadable) this.#unreadable.push(...detail.unreadable);
    if (isLater(detail.lastModifiedDate, this.#lastModifiedDate)) {
      this.#lastModifiedDate = detail.lastModifiedDate;
    }
    if (detail.totalCost === undefined) return;
    if (isOtherCurrency(detail.currencyCode, this.#currencyCode)) {
      this.#unreadable.push({ field: 'currencyCode', kind: 'another currency than the total has' });
      return;
    }
    const id = this.#kind === 'meters' ? metersId : (detail.azureSubscriptionId ?? unassignedId);
    const sum = this.#sums.get(id) ?? { totalCost: new Big(0), usdTotalCost: new Big(0) };
    this.#sums.set(id, sum);
    if (sum.name === undefined && detail.azureSubscriptionName !== undefined) {
      sum.name = detail.azureSubscriptionName;
    }
    sum.totalCost = sum.totalCost.plus(detail.totalCost);
    // Whole cents come with the noise of a double: 2.4700000000000001.
    sum.usdTotalCost = detail.usdTotalCost && sum.usdTotalCost?.plus(toCents(detail.usdTotalCost));
  }

  end(ndjsonGzip: Uint8Array): UsageDetails {
    const totals = [...this.#sums].map(([id, { name, totalCost, usdTotalCost }]) => {
      const total: DetailTotal = {
        totalCost: toAmount(totalCost),
        ...(name !== undefined && { name }),
        ...(usdTotalCost && { usdTotalCost: toAmount(usdTotalCost) }),
      };
      return [id, total] as const;
    });
    return {
      totals: new Map(totals),
      ...(this.#lastModifiedDate !== undefined && { lastModifiedDate: this.#lastModifiedDate }),
      records: this.#records,
      unreadable: this.#unreadable,
      ndjsonGzip,
    };
  }
}

/** The details of a list's pages together, in their order. */
export function mergeUsageDetails(pages: readonly UsageDetails[]): UsageDetails {
  const [first, ...others] = pages;
  if (first && others.length === 0) return first;
  const totals = new Map<string, DetailTotal>();
  let lastModifiedDate: string | undefined;
  for (const page of pages) {
    if (isLater(page.lastModifiedDate, lastModifiedDate)) lastModifiedDate = page.lastModifiedDate;
    for (const [id, total] of page.totals) {
      const before = totals.get(id);
      totals.set(id, before ? addTotals(before, total) : total);
    }
  }
  return {
    totals,
    ...(lastModifiedDate !== undefined && { lastModifiedDate }),
    records: pages.reduce((sum, { records }) => sum + records, 0),
    unreadable: pages.flatMap(({ unreadable }) => unreadable),
    ndjsonGzip: Buffer.concat(pages.map(({ ndjsonGzip }) => ndjsonGzip)),
  };
}

function addTotals(one: DetailTotal, other: DetailTotal): DetailTotal {
  const { usdTotalCost: _one, ...rest } = { ...other, ...one };
  return {
    ...rest,
    totalCost: toAmount(new Big(one.totalCost).plus(other.totalCost)),
    ...(one.usdTotalCost !== undefined &&
      other.usdTotalCost !== undefined && {
        usdTotalCost: toAmount(new Big(one.usdTotalCost).plus(other.usdTotalCost)),
      }),
  };
}

function toCents(amount: Amount): Big {
  return new Big(amount).round(2);
}

function isLater(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined) return false;
  return other === undefined || Date.parse(one) > Date.parse(other);
}

/** Where one of the two is not known, nothing says that they differ. */
export function isOtherCurrency(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one.toUpperCase() !== other.toUpperCase();
}
