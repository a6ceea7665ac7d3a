import type { Population, SimulatedCustomer } from './customer.ts';
import { customerBody } from './customerBody.ts';
import { type CustomerFault, customerFaultOf } from './customerFault.ts';
import { type CustomerFilter, matchesFilter, parseFilter } from './customerFilter.ts';
import { quirksOf } from './customerQuirks.ts';
import {
  errorAnswer,
  jsonAnswer,
  type SimulatorAnswer,
  type SimulatorRequest,
} from './exchange.ts';
import type { Faults } from './faults.ts';
import { figuresAt } from './figures.ts';
import { guidPattern } from './guid.ts';
import { hasUsageRecord, isListed } from './listing.ts';
import { answerPage, largestPage, type PagedList, readPageRequest, sizeOf } from './paging.ts';
import { partnerFiguresAt, partnerSummaryBody } from './partnerSummary.ts';
import { toPascalCase } from './pascalCase.ts';
import type { Quirks } from './quirks.ts';
import { recordFiguresAt } from './recordFigures.ts';
import { answerRecords } from './recordsAnswer.ts';
import type { Route } from './route.ts';
import { licencesOf, subscriptionsBody } from './subscriptionsBody.ts';
import {
  customerRecordBodies,
  customerSummaryBody,
  subscriptionRecordsBody,
  subscriptionSummaryBody,
} from './usageBody.ts';

/** What an answer of the API depends on. */
export interface ApiState {
  population: Population;
  quirks: Quirks;
  faults: Faults;
  nowMs: number;
  notReady: Set<string>;
  /** Called for each answer that is a fault of its customer. */
  onFault: (fault: CustomerFault) => void;
}

/** Answers a request that has passed throttling and the check of its token. */
export function answerApi(
  state: ApiState,
  route: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  switch (route.kind) {
    case 'customers':
      return inCaseOf(state.quirks, answerCustomers(state, route, request));
    case 'usageRecords':
      return inCaseOf(state.quirks, answerUsageRecords(state, route, request));
    case 'partnerSummary': {
      const figures = partnerFiguresAt(state.population, state.nowMs);
      const body = partnerSummaryBody(state.population, figures);
      return inCaseOf(state.quirks, jsonAnswer(200, body));
    }
    case 'customer':
    case 'customerSummary':
    case 'subscriptions':
    case 'subscriptionUsageRecords':
    case 'subscriptionSummary':
    case 'resourceUsageRecords':
    case 'meterUsageRecords':
    case 'formerMeterUsageRecords':
      return findCustomer(state, route);
    default:
      return errorAnswer(404, 1000, `Nothing is found at ${route.path}.`);
  }
}

function inCaseOf({ pascalCase }: Quirks, answer: SimulatorAnswer): SimulatorAnswer {
  return pascalCase ? toPascalCase(answer) : answer;
}

function answerCustomers(
  state: ApiState,
  route: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  const { population, quirks } = state;
  const path = '/customers';
  const page = readPageRequest(population, path, route, request);
  const given = sizeOf(route.query);
  if (given === undefined) return errorAnswer(400, 800002, 'The size is not a number.');
  // A seek usually has neither size nor filter, and continues the list of its token.
  const size = given || page.continuation?.size || largestPage;
  const filter = page.continuation?.filter ?? route.query.get('filter') ?? '';
  let wanted: CustomerFilter | undefined;
  try {
    wanted = filter === '' ? undefined : parseFilter(filter);
  } catch (error) {
    return errorAnswer(400, 800002, (error as RangeError).message);
  }
  const list: PagedList = {
    ...state,
    path,
    size: Math.min(size, quirks.customersPageSize ?? largestPage, largestPage),
    filter,
    belongs: (customer) =>
      isListed(customer, population.seed, quirks) && (!wanted || matchesFilter(customer, wanted)),
    toItems: (customer) => [customerBody(customer, quirksOf(customer, quirks, population.seed))],
  };
  return answerPage(list, page);
}

function answerUsageRecords(
  state: ApiState,
  route: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  const { population, quirks, nowMs } = state;
  const path = '/customers/usagerecords';
  const list: PagedList = {
    ...state,
    path,
    size: quirks.usageRecordsPageSize ?? population.count,
    filter: '',
    belongs: hasUsageRecord,
    toItems: (customer) => {
      const own = quirksOf(customer, quirks, population.seed);
      return customerRecordBodies(customer, figuresAt(customer, nowMs), own);
    },
  };
  return answerPage(list, readPageRequest(population, path, route, request));
}

function findCustomer(state: ApiState, route: Route): SimulatorAnswer {
  if (!guidPattern.test(route.customerId)) {
    return errorAnswer(400, 900118, 'The customer id is not valid.');
  }
  const customer = state.population.find(route.customerId);
  if (!customer) return errorAnswer(404, 60003, 'The tenant is not found.');
  const quirks = quirksOf(customer, state.quirks, state.population.seed);
  return inCaseOf(quirks, answerOfCustomer({ ...state, quirks }, customer, route));
}

/** @param state with the quirks of this customer */
function answerOfCustomer(
  state: ApiState,
  customer: SimulatedCustomer,
  route: Route,
): SimulatorAnswer {
  const fault = customerFaultOf(customer, state.faults, state.population.seed);
  if (fault) state.onFault(fault);
  if (fault === 'failed') return errorAnswer(500, 800003, 'An unexpected service error occurred.');
  if (fault === 'refused') {
    return customer.index % 2 === 0
      ? errorAnswer(403, 20002, 'The partner has no commerce relationship with the customer.')
      : errorAnswer(404, 1000, 'The customer is not found.');
  }
  const { quirks, population } = state;
  if (route.kind === 'customer') return jsonAnswer(200, customerBody(customer, quirks));
  if (route.kind === 'subscriptions') {
    return jsonAnswer(200, subscriptionsBody(population.seed, customer, quirks));
  }
  const figures = figuresAt(customer, state.nowMs);
  if (route.kind === 'subscriptionUsageRecords') {
    return jsonAnswer(200, subscriptionRecordsBody(customer, figures, quirks));
  }
  if (route.subscriptionId !== '') return answerSubscription(state, customer, route);
  if (customer.kind !== 'licensesOnly') {
    return jsonAnswer(200, customerSummaryBody(customer, figures, quirks));
  }
  if (quirks.noContentSummary) return { status: 204, headers: {}, body: '' };
  return noUsageAnswer(customer);
}

function answerSubscription(
  state: ApiState,
  customer: SimulatedCustomer,
  route: Route,
): SimulatorAnswer {
  const id = route.subscriptionId.toLowerCase();
  if (route.kind !== 'subscriptionSummary') {
    const records = recordFiguresAt(state, customer, id, state.nowMs);
    if (records) return answerRecords(route.kind, records);
  }
  const figures = figuresAt(customer, state.nowMs);
  const own = figures.subscriptions.find((each) => each.subscription.id === id);
  if (own) {
    return jsonAnswer(200, subscriptionSummaryBody(customer, figures, own, state.quirks));
  }
  const licence = licencesOf(state.population.seed, customer).find((each) => each.id === id);
  if (licence && !licence.isReservation) return noUsageAnswer(customer);
  return errorAnswer(404, 20003, 'The subscription is not found.');
}

/** Code 3000 is documented with both statuses. */
function noUsageAnswer(customer: SimulatedCustomer): SimulatorAnswer {
  const status = customer.index % 2 === 0 ? 404 : 400;
  return errorAnswer(status, 3000, 'Customer does not have usage data.');
}
