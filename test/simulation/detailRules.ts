import { gunzipSync } from 'node:zlib';
import Big from 'big.js';
import type { Simulator } from '../../src/simulator/simulator.ts';
import type { DepthSettings } from '../../src/snapshot/depthContext.ts';
import type { Entity } from '../../src/storage/columns.ts';
import type { MemoryBlobContainer } from '../../src/storage/memoryBlobContainer.ts';
import type { DetailShowing, DetailShowings } from './detailShowings.ts';
import type { Ledger } from './ledger.ts';
import { nameOf, numberOf } from './rows.ts';
import { periodOf } from './showing.ts';
import type { Trace } from './trace.ts';

export interface DetailRulesOptions {
  ledger: Ledger;
  showings: DetailShowings;
  simulator: Simulator;
  blobs: MemoryBlobContainer;
  trace: Trace;
  depth: DepthSettings;
}

const table = 'UsageByAzureSubscription';

/** What the rows and blobs below the plans must keep to. */
export class DetailRules {
  readonly #options: DetailRulesOptions;

  constructor(options: DetailRulesOptions) {
    this.#options = options;
    options.ledger.addRule((name, row) => {
      if (name !== table || row['azureSubscriptionId'] !== 'rest') return;
      options.trace.count('details.plans');
      for (const problem of this.#problemsOfPlan(row)) {
        options.trace.report('details', `${nameOf(name, row)}: ${problem}`);
      }
    });
  }

  /** After a date whose last run says that nothing below the plans is left; one line each. */
  *problemsOfDoneDay(date: string, run: Entity): Generator<string> {
    const { ledger, depth, simulator } = this.#options;
    for (const day of ledger.partition('UsageByDay', date).values()) {
      const rows = ledger.partition('UsageByCustomer', day.rowKey);
      const ids = JSON.parse(String(rows.get(`customer|${date}`)?.['subscriptionIds'] ?? '[]'));
      for (const id of ids as string[]) {
        const plan = rows.get(`subscription|${id}|${date}`);
        const isOfKind = depth.level === 'resources' || plan?.['plan'] === 'azurePlan';
        const cost = Number(plan?.['totalCostExact'] ?? 0);
        if (!plan || !isOfKind || cost < depth.minimumCost) continue;
        const rest = ledger.partition(table, day.rowKey).get(`${id}|rest|${date}`);
        if (rest && String(rest['capturedAt']) >= String(plan['capturedAt'])) continue;
        const endedMs = Date.parse(String(run['finishedAt']));
        const own = periodOf(plan['billingStartDate']);
        const shown = periodOf(simulator.expectedCustomer(day.rowKey, endedMs).billingStartDate);
        // Its period was not shown any more.
        if (own !== undefined && own !== shown) continue;
        yield `${day.rowKey} ${id}: ${rest ? `captured at ${String(rest['capturedAt'])}` : 'no rows'}`;
      }
    }
  }

  /** Whether a plan's rows of a date are what was shown to their run, once the last is written. */
  *#problemsOfPlan(rest: Entity): Generator<string> {
    const { ledger, showings, depth } = this.#options;
    if (rest['outcome'] === 'refused') return;
    const date = String(rest['snapshotDate']);
    const planId = String(rest['subscriptionId']);
    const rows = [...ledger.partition(table, rest.partitionKey).values()].filter(
      (row) => row['subscriptionId'] === planId && row['snapshotDate'] === date && row !== rest,
    );
    const others = rows.filter((row) => row['runId'] !== rest['runId']);
    if (others.length > 0) yield `${others.length} rows are of another run`;
    const heard = showings
      .of(rest.partitionKey, planId, date)
      .filter(({ runId }) => runId === rest['runId']);
    const problems = heard.toReversed().map((showing) => this.#problemOf(rest, rows, showing));
    if (problems.includes(undefined)) {
      if (depth.level === 'resources') yield* this.#problemsOfBlob(rest, heard);
      return;
    }
    yield problems[0] ?? 'nothing was shown';
  }

  #problemOf(rest: Entity, rows: readonly Entity[], showing: DetailShowing): string | undefined {
    const { ledger, simulator } = this.#options;
    const withUsage = rows.filter((row) => row['outcome'] === 'usage');
    if (withUsage.length !== showing.totals.size) {
      return `${withUsage.length} rows, ${showing.totals.size} Azure subscriptions shown`;
    }
    const customer = simulator.expectedCustomer(rest.partitionKey, showing.madeAtMs);
    for (const row of withUsage) {
      const id = String(row['azureSubscriptionId']);
      const total = showing.totals.get(id);
      const got = new Big(String(row['totalCostExact'])).toFixed();
      if (got !== total) return `${id}: shown as ${total}, got ${got}`;
      if (numberOf(row, 'totalCost') !== Number(total)) return `${id}: another double`;
      const own = periodOf(row['billingStartDate']);
      if (own !== undefined && own !== periodOf(customer.billingStartDate)) {
        return `${id}: of ${own}, shown was ${customer.billingStartDate}`;
      }
    }
    if (rest['outcome'] !== 'usage') return undefined;
    const { partitionKey, subscriptionId, snapshotDate } = {
      ...{ partitionKey: rest.partitionKey },
      ...{ subscriptionId: String(rest['subscriptionId']) },
      ...{ snapshotDate: String(rest['snapshotDate']) },
    };
    const plan = ledger
      .partition('UsageByCustomer', partitionKey)
      .get(`subscription|${subscriptionId}|${snapshotDate}`);
    let left = new Big(String(plan?.['totalCostExact']));
    for (const total of showing.totals.values()) left = left.minus(total);
    const got = new Big(String(rest['totalCostExact'])).toFixed();
    return got === left.toFixed() ? undefined : `the rest is ${got}, expected ${left.toFixed()}`;
  }

  *#problemsOfBlob(rest: Entity, heard: readonly DetailShowing[]): Generator<string> {
    const name = `${rest.partitionKey}/${rest['subscriptionId']}/${rest['snapshotDate']}.ndjson.gz`;
    const blob = this.#options.blobs.peek(name);
    if (!blob) {
      yield `no blob ${name}`;
      return;
    }
    const lines = gunzipSync(blob).toString().split('\n').length - 1;
    if (!heard.some(({ records }) => records === lines)) yield `the blob has ${lines} records`;
  }
}
