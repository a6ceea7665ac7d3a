import { messageOf } from '../errors.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';
import { readAssessment } from './readAssessment.ts';
import type { SnapshotContext } from './snapshotContext.ts';

export interface DayAssessorOptions {
  /** Nothing was recorded in the five weeks before. */
  isFirstNight: boolean;
  /** Aborted when nothing may be written any more. */
  signal: AbortSignal;
}

/** The assessment that the row of the day has besides its figures. */
export type DayFinding = Pick<LedgerRow, 'cost' | 'expectedCurrency' | 'expectedCost'>;

/** After so many failed reads in a row the table is taken to be unreachable, and none is tried. */
const maxFailuresInARow = 20;

/**
 * Computes the cost, anomalies and budget alerts of captured days. Its failure does not fail the
 * capture: the figures are kept, and the row of the day has no cost until the day is finalized.
 */
export class DayAssessor {
  readonly #context: SnapshotContext;
  readonly #options: DayAssessorOptions;
  #failures = 0;
  #failuresInARow = 0;
  #firstFailure = '';

  constructor(context: SnapshotContext, options: DayAssessorOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** How many customers were left to the next run, and why; undefined where none was. */
  get pending(): string | undefined {
    return this.#failures === 0
      ? undefined
      : `the daily cost of ${this.#failures} customers is left to the next run: ${this.#firstFailure}`;
  }

  /**
   * @param customer its own row, as it is stored
   * @throws the reason of an abort
   */
  async assess(customer: CustomerSnapshot): Promise<DayFinding> {
    if (this.#failuresInARow >= maxFailuresInARow) {
      this.#failures++;
      return {};
    }
    try {
      const finding = await this.#find(customer);
      this.#failuresInARow = 0;
      return finding;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#failures++;
      this.#failuresInARow++;
      this.#firstFailure ||= messageOf(error);
      return {};
    }
  }

  async #find(customer: CustomerSnapshot): Promise<DayFinding> {
    const { customerId, customerName, snapshotDate, figures } = customer;
    const assessment = await readAssessment(customer, this.#context);
    const { cost, currency, expectedCost } = assessment;
    if (figures?.budgetAmount !== undefined) {
      const { forecastTotalCost } = cost;
      const position = { customerId, customerName, snapshotDate, figures, forecastTotalCost };
      const { isFirstNight } = this.#options;
      await this.#context.budgets.evaluate(position, { isFirstNight });
    }
    return {
      cost,
      ...(figures === undefined && currency !== undefined && { expectedCurrency: currency }),
      ...(expectedCost !== undefined && { expectedCost }),
    };
  }
}
