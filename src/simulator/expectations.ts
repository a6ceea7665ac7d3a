import { changedCustomers } from './changedCustomers.ts';
import { memberOf, type Population } from './customer.ts';
import {
  type ExpectedDepth,
  type ExpectedSurplus,
  expectDepth,
  expectSurplus,
} from './depthExpectation.ts';
import {
  type ExpectationState,
  type ExpectedCustomer,
  type ExpectedPartner,
  expectCustomer,
  expectDailyCost,
  expectPartner,
  instantOf,
} from './expectation.ts';
import type { Faults } from './faults.ts';
import type { Quirks } from './quirks.ts';

/** What the API has to show at any instant, with the quirks and faults of now. */
export abstract class Expectations {
  abstract quirks: Quirks;
  abstract faults: Faults;

  readonly #population: Population;
  readonly #clock: { now(): number };

  constructor(population: Population, clock: { now(): number }) {
    this.#population = population;
    this.#clock = clock;
  }

  /**
   * The API's figures of a customer (by index or id) at an instant: milliseconds, or ISO 8601,
   * where a bare date is its first moment, UTC. Now by default.
   *
   * @throws RangeError for an unknown customer
   */
  expectedCustomer(
    indexOrId: number | string,
    at: number | string = this.#clock.now(),
  ): ExpectedCustomer {
    const epochMs = instantOf(at);
    const population = this.populationAt(epochMs);
    return expectCustomer(this.#stateOf(population), memberOf(population, indexOrId), epochMs);
  }

  /** All customers, including those that the list leaves out. */
  *customers(at: number | string = this.#clock.now()): Generator<ExpectedCustomer> {
    const epochMs = instantOf(at);
    const population = this.populationAt(epochMs);
    for (let index = 0; index < population.count; index++) {
      yield expectCustomer(this.#stateOf(population), population.at(index), epochMs);
    }
  }

  /**
   * A customer's cost of a day (`yyyy-MM-dd`) as a literal: figures include it from the next day.
   */
  expectedDailyCost(indexOrId: number | string, date: string): string {
    return expectDailyCost(memberOf(this.populationAt(instantOf(date)), indexOrId), date);
  }

  /**
   * The records of a customer's subscription or plan (by its id) at an instant.
   *
   * @throws RangeError for an unknown customer, subscription or plan
   */
  expectedDepth(
    indexOrId: number | string,
    subscriptionId: string,
    at: number | string = this.#clock.now(),
  ): ExpectedDepth {
    const epochMs = instantOf(at);
    const population = this.populationAt(epochMs);
    const customer = memberOf(population, indexOrId);
    return expectDepth(this.#stateOf(population), customer, subscriptionId, epochMs);
  }

  /** What is behind the burst or spike of a day (`yyyy-MM-dd`) of a subscription or plan. */
  expectedSurplus(
    indexOrId: number | string,
    subscriptionId: string,
    date: string,
  ): ExpectedSurplus | undefined {
    // At noon, so that it is the same day in Pacific time.
    const epochMs = instantOf(`${date}T12:00:00Z`);
    const population = this.populationAt(epochMs);
    const customer = memberOf(population, indexOrId);
    return expectSurplus(this.#stateOf(population), customer, subscriptionId, epochMs);
  }

  expectedPartner(at: number | string = this.#clock.now()): ExpectedPartner {
    return expectPartner(this.populationAt(instantOf(at)), instantOf(at));
  }

  protected populationAt(epochMs: number): Population {
    return changedCustomers(this.#population, this.quirks, epochMs);
  }

  #stateOf(population: Population): ExpectationState {
    return { population, quirks: this.quirks, faults: this.faults };
  }
}
