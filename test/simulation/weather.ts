import type { Dice } from './dice.ts';
import type { Trace } from './trace.ts';

export const tableNames = [
  'UsageByCustomer',
  'UsageByDay',
  'SnapshotRuns',
  'BudgetAlerts',
  'UsageByAzureSubscription',
] as const;
export type TableName = (typeof tableNames)[number];

/** How the storage does; rates are parts of the calls, 0 to 1. */
export interface StorageFaults {
  /** 503 before anything was done. */
  busy: number;
  /** Written, and then no answer. */
  lost: number;
  /** The first rows written, then an error. */
  half: number;
  /** A conditional write that is answered as if its condition did not hold. */
  conflict: number;
  /** Calls that take up to `slowMs`. */
  slow: number;
  slowMs: number;
  /** Each call of these tables takes some seconds and fails. */
  unreachable: readonly TableName[];
  /** Calls of these tables get no answer: the client gives each up after some tries. */
  hanging: readonly TableName[];
  /** Rows in one transaction. */
  rowsPerTransaction: number;
}

export const fairStorage: StorageFaults = {
  busy: 0,
  lost: 0,
  half: 0,
  conflict: 0,
  slow: 0,
  slowMs: 0,
  unreachable: [],
  hanging: [],
  rowsPerTransaction: 100,
};

export type StorageFault = 'busy' | 'lost' | 'half' | 'conflict' | 'unreachable' | 'hang';

/** Four tries of 40 s each, by the client's own limit. */
const hangMs = 160_000;

/** Decides what becomes of each call to the storage. */
export class Weather {
  faults: StorageFaults = fairStorage;
  readonly #dice: Dice;
  readonly #trace: Trace;
  readonly #latencyMs: number;

  constructor(dice: Dice, trace: Trace, latencyMs: number) {
    this.#dice = dice;
    this.#trace = trace;
    this.#latencyMs = latencyMs;
  }

  /** The fault that strikes a call, out of those that can. */
  strike(table: TableName, possible: readonly StorageFault[]): StorageFault | undefined {
    const { faults } = this;
    if (faults.hanging.includes(table)) return this.#struck('hang');
    if (faults.unreachable.includes(table)) return this.#struck('unreachable');
    for (const fault of possible) {
      if (fault !== 'unreachable' && fault !== 'hang' && this.#dice.chance(faults[fault]))
        return this.#struck(fault);
    }
    return undefined;
  }

  /** How long a call takes. */
  delayMs(fault: StorageFault | undefined): number {
    if (fault === 'hang') return hangMs;
    if (fault === 'unreachable') return this.#dice.int(2_000, 9_000);
    if (!this.#dice.chance(this.faults.slow)) return this.#dice.int(0, this.#latencyMs);
    this.#trace.count('storage.slow');
    return this.#dice.int(1, this.faults.slowMs);
  }

  /** How many of so many rows are written before a transaction breaks off. */
  rowsWritten(rows: number): number {
    return this.#dice.int(0, rows - 1);
  }

  /** Whether what a dead process had sent still arrives. */
  arrivesPosthumously(): boolean {
    return this.#dice.chance(0.5);
  }

  #struck(fault: StorageFault): StorageFault {
    this.#trace.count(`storage.${fault}`);
    return fault;
  }
}
