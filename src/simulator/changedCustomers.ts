import type { Population, SimulatedCustomer, SimulatedSubscription } from './customer.ts';
import { dayOf } from './day.ts';
import { foreignName } from './names.ts';
import type { Quirks } from './quirks.ts';
import { hash, isOneIn, topics } from './random.ts';

/** For the customers of one quirk, one in so many: no factor in common with the kinds of customers. */
const oneIn = { foreignNames: 7, lateFigures: 3, currencyChanges: 7, costSpikes: 3 } as const;
type ChangeName = keyof typeof oneIn;

const names = Object.keys(oneIn) as ChangeName[];

/** The customers of a partner with what quirks make of some of them at an instant. */
export function changedCustomers(
  population: Population,
  quirks: Quirks,
  epochMs: number,
): Population {
  if (!names.some((name) => quirks[name])) return population;
  const change = (customer: SimulatedCustomer) =>
    changeCustomer(customer, quirks, population.seed, epochMs);
  return {
    ...population,
    at: (index) => change(population.at(index)),
    find(id) {
      const customer = population.find(id);
      return customer && change(customer);
    },
  };
}

function changeCustomer(
  customer: SimulatedCustomer,
  quirks: Quirks,
  seed: number,
  epochMs: number,
): SimulatedCustomer {
  const { index, kind } = customer;
  const isMet = (name: ChangeName) =>
    quirks[name] === true && isOneIn(oneIn[name], seed, topics[name], index);
  const isChanged = kind === 'azurePlan' && isMet('currencyChanges') && isOtherCurrency(epochMs);
  return {
    ...customer,
    ...(isMet('foreignNames') && { name: foreignName(Math.floor(index / oneIn.foreignNames)) }),
    ...(isMet('lateFigures') && { daysLate: daysLateOf(customer, seed, epochMs) }),
    ...(isChanged && { currency: otherCurrency }),
    ...(isMet('costSpikes') && { subscriptions: withSpikes(customer) }),
  };
}

function withSpikes({ subscriptions }: SimulatedCustomer): SimulatedSubscription[] {
  return subscriptions.map((each) => ({ ...each, spend: { ...each.spend, hasSpikes: true } }));
}

/** One day and then two, on the last two of fourteen days; in turn, so that no night is without. */
function daysLateOf({ index }: SimulatedCustomer, seed: number, epochMs: number): number {
  const turn = Math.floor(index / oneIn.lateFigures);
  const place = (dayOf(epochMs) + 2 * turn + hash(seed, topics.lateFigures)) % 14;
  return Math.max(0, place - 11);
}

/** No customer has it otherwise. */
const otherCurrency = { currencyCode: 'NOK', usdRate: 0.0925 };

/** In every second pair of months, so that the last change is never longer ago than two months. */
function isOtherCurrency(epochMs: number): boolean {
  return Math.floor(new Date(epochMs).getUTCMonth() / 2) % 2 === 1;
}
