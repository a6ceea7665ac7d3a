import Big from 'big.js';
import type { SimulatorAnswer } from '../../src/simulator/exchange.ts';
import type { Route } from '../../src/simulator/route.ts';
import { byName, isObject, Literal, readJson } from './showing.ts';

/** The records of a plan, as they came whole to a process. */
export interface DetailShowing {
  runId: string;
  /** When Partner Center made the answer. */
  madeAtMs: number;
  /** Sums by Azure subscription, or what takes its place. */
  totals: ReadonlyMap<string, string>;
  records: number;
  lastModifiedDate: string | undefined;
}

const kinds: readonly string[] = [
  'resourceUsageRecords',
  'meterUsageRecords',
  'formerMeterUsageRecords',
];

/** What Partner Center was seen to say of what plans consist of. */
export class DetailShowings {
  readonly #showings = new Map<string, DetailShowing[]>();

  /** An answer is here, whole, in a process that lives. */
  note(
    route: Route,
    answer: SimulatorAnswer & { madeAtMs?: number },
    { runId, date }: { runId: string; date: string },
  ): void {
    if (answer.status !== 200 || !kinds.includes(route.kind)) return;
    const page = readJson(String(answer.body));
    const items = isObject(page) ? byName(page)['items'] : undefined;
    if (!Array.isArray(items)) return;
    const isByMeter = route.kind !== 'resourceUsageRecords';
    const sums = new Map<string, Big>();
    let lastModifiedDate: string | undefined;
    for (const item of items.filter(isObject).map(byName)) {
      const { entitlementId, totalCost } = item;
      const named = String(entitlementId ?? '').toLowerCase() || 'unassigned';
      const id = isByMeter ? 'meters' : named;
      const cost = totalCost instanceof Literal ? totalCost.text : '0';
      sums.set(id, (sums.get(id) ?? new Big(0)).plus(cost));
      lastModifiedDate ??= item['lastModifiedDate'] as string | undefined;
    }
    const key = keyOf(route.customerId, route.subscriptionId, date);
    const showings = this.#showings.get(key) ?? [];
    this.#showings.set(key, showings);
    showings.push({
      runId,
      madeAtMs: answer.madeAtMs ?? 0,
      totals: new Map([...sums].map(([id, sum]) => [id, sum.toFixed()])),
      records: items.length,
      lastModifiedDate,
    });
  }

  /** Those of a plan that came to runs of a date, in their order. */
  of(customerId: string, subscriptionId: string, date: string): readonly DetailShowing[] {
    return this.#showings.get(keyOf(customerId, subscriptionId, date)) ?? [];
  }
}

function keyOf(customerId: string, subscriptionId: string, date: string): string {
  return `${customerId}|${subscriptionId}|${date}`.toLowerCase();
}
