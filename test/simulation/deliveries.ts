import type { SimulatorAnswer } from '../../src/simulator/exchange.ts';
import type { Route } from '../../src/simulator/route.ts';
import { DetailShowings } from './detailShowings.ts';
import type { Writer } from './ledger.ts';
import {
  byName,
  type FieldName,
  isObject,
  periodOf,
  type Resource,
  readRoughJson,
  readSummary,
  resourceOf,
  type Showing,
} from './showing.ts';

/** What an answer without figures says of its resource. */
export type Saying = 'noUsage' | 'refused' | 'failed';

/** An answer as it is sent, and what the weather knows of it. */
export interface SentAnswer extends SimulatorAnswer {
  /** Where the status does not tell. */
  says?: Saying;
  spoiled?: readonly FieldName[];
  /** When Partner Center made it. */
  madeAtMs?: number;
}

/** Of one run. */
interface Heard {
  sayings: Map<string, Set<Saying>>;
  /** Ids that a list of customers or usage records named. */
  named: Set<string>;
  /** Resources of which a usage record named a cost. */
  withCost: Set<string>;
  /** Whether a page of `customers/usagerecords` was heard, or that there is none. */
  hasRecords: boolean;
  /** Whether a list left out a name. */
  isNameless: boolean;
}

/** What Partner Center was seen to say: all that came whole to a process, run by run. */
export class Deliveries {
  readonly details = new DetailShowings();
  readonly #heard = new Map<string, Heard>();
  readonly #showings = new Map<string, Showing[]>();
  readonly #onShown: ((showing: Showing) => void)[] = [];
  readonly #onNoUsage: ((resource: Resource) => void)[] = [];

  onShown(listener: (showing: Showing) => void): void {
    this.#onShown.push(listener);
  }

  onNoUsage(listener: (resource: Resource) => void): void {
    this.#onNoUsage.push(listener);
  }

  /** An answer is here, whole, in a process that lives. */
  note(route: Route, answer: SentAnswer, { runId }: Writer, atMs: number): void {
    if (runId === undefined) return;
    this.details.note(route, answer, { runId, date: dateOfRun(runId) });
    const text = String(answer.body);
    const resource = resourceOf(route);
    if (resource === undefined) {
      this.#noteList(route, answer, text, this.#heardBy(runId));
      return;
    }
    const fields = answer.status === 200 ? readSummary(text) : undefined;
    if (fields) this.#noteShown(resource, fields, answer.spoiled ?? [], runId, atMs);
    else this.#noteSaying(resource, answer.says ?? sayingOf(answer.status, text), runId);
  }

  /** Summaries of a resource that came to runs of a date, in their order. */
  showings({ key }: Resource, date: string): readonly Showing[] {
    return this.#showings.get(`${key} ${date}`) ?? [];
  }

  /** Whether a run heard that of the resource. */
  isSaid(runId: string, { key }: Resource, saying: Saying): boolean {
    return this.#heard.get(runId)?.sayings.get(key)?.has(saying) ?? false;
  }

  /** Whether a usage record that the run was given names a cost of the resource. */
  isCostNamed(runId: string, { key }: Resource): boolean {
    return this.#heard.get(runId)?.withCost.has(key) ?? false;
  }

  /** Whether the run heard that a customer's list of subscriptions is none for it. */
  isListRefused(runId: string, customerId: string): boolean {
    const said = this.#heard.get(runId)?.sayings.get(listOf(customerId));
    return said !== undefined && (said.has('refused') || said.has('noUsage'));
  }

  /** Whether the run was given a page of `customers/usagerecords`, or heard that there is none. */
  hasRecords(runId: string): boolean {
    return this.#heard.get(runId)?.hasRecords ?? false;
  }

  /** Everybody whom a list named to the run. */
  named(runId: string): ReadonlySet<string> {
    return this.#heard.get(runId)?.named ?? new Set();
  }

  /** Whether a list that the run was given left out a name. */
  isNameless(runId: string): boolean {
    return this.#heard.get(runId)?.isNameless ?? false;
  }

  #heardBy(runId: string): Heard {
    const heard = this.#heard.get(runId) ?? {
      sayings: new Map(),
      named: new Set<string>(),
      withCost: new Set<string>(),
      hasRecords: false,
      isNameless: false,
    };
    this.#heard.set(runId, heard);
    return heard;
  }

  #noteShown(
    resource: Resource,
    fields: NonNullable<ReturnType<typeof readSummary>>,
    spoiled: readonly FieldName[],
    runId: string,
    atMs: number,
  ): void {
    const date = dateOfRun(runId);
    const period = spoiled.includes('billingStartDate')
      ? undefined
      : periodOf(fields.billingStartDate);
    const { totalCost = '' } = fields;
    const showing: Showing = {
      ...{ resource, runId, date, atMs, fields, totalCost, spoiled },
      ...(period !== undefined && { period }),
    };
    const key = `${resource.key} ${date}`;
    const showings = this.#showings.get(key) ?? [];
    this.#showings.set(key, showings);
    showings.push(showing);
    for (const listener of this.#onShown) listener(showing);
  }

  #noteSaying(resource: Resource, saying: Saying, runId: string): void {
    const { sayings } = this.#heardBy(runId);
    const own = sayings.get(resource.key) ?? new Set();
    sayings.set(resource.key, own.add(saying));
    if (saying === 'noUsage') for (const listener of this.#onNoUsage) listener(resource);
  }

  #noteList({ kind, customerId }: Route, answer: SentAnswer, text: string, heard: Heard): void {
    if (kind === 'unknown') return;
    const owner = customerId.toLowerCase();
    if (answer.status !== 200) {
      const said = heard.sayings.get(listOf(owner)) ?? new Set();
      const saying = answer.says ?? sayingOf(answer.status, text);
      heard.sayings.set(listOf(owner), said.add(saying));
      // Usage records that are said not to be there speak against nobody.
      if (kind === 'usageRecords' && saying === 'noUsage') heard.hasRecords = true;
      return;
    }
    const page = readRoughJson(text);
    if (kind === 'subscriptions' || !isObject(page) || !Array.isArray(page['items'])) return;
    const isOfUsage = kind !== 'customers';
    if (kind === 'usageRecords') heard.hasRecords = true;
    for (const item of page['items'].filter(isObject)) {
      const { id, resourceId, resourceName, totalCost } = byName(item);
      const own = String(id ?? resourceId ?? '').toLowerCase();
      if (own === '') continue;
      if (owner === '') heard.named.add(own);
      if (resourceName === null) heard.isNameless = true;
      const isCost = typeof totalCost === 'number' && totalCost !== 0;
      if (isOfUsage && isCost) heard.withCost.add(owner === '' ? own : `${owner}|${own}`);
    }
  }
}

function listOf(customerId: string): string {
  return `${customerId}|list`;
}

/** The UTC date on which a run began, by its own clock: run ids begin with it. */
export function dateOfRun(runId: string): string {
  return runId.slice(0, 8).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}

function sayingOf(status: number, text: string): Saying {
  const body = readRoughJson(text);
  const isOwnCode = isObject(body) && String(body['code']) === '3000';
  if ((status === 400 || status === 404) && isOwnCode) return 'noUsage';
  return status === 403 || status === 404 || status === 410 ? 'refused' : 'failed';
}
