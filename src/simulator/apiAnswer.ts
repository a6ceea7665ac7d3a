import type { Population, SimulatedCustomer } from './customer.ts';
import { customerFaultOf } from './customerFault.ts';
import {
  errorAnswer,
  jsonAnswer,
  type SimulatorAnswer,
  type SimulatorRequest,
} from './exchange.ts';
import type { Faults } from './faults.ts';
import { figuresAt } from './figures.ts';
import { guidPattern } from './guid.ts';
import { customerBody, licencesOf, subscriptionsBody } from './listBody.ts';
import { hasUsageRecord, isListed } from './listing.ts';
import { answerPage, type PagedList, pageSizeOf } from './paging.ts';
import { partnerFiguresAt, partnerSummaryBody } from './partnerSummary.ts';
import type { Quirks } from './quirks.ts';
import type { Route } from './route.ts';
import {
  customerRecordBody,
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
}

/** Answers a request that has been let in. */
export function answerApi(
  state: ApiState,
  route: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  switch (route.kind) {
    case 'customers':
      return answerCustomers(state, route, request);
    case 'usageRecords':
      return answerUsageRecords(state, route, request);
    case 'partnerSummary': {
      const figures = partnerFiguresAt(state.population, state.nowMs);
      return jsonAnswer(200, partnerSummaryBody(state.population, figures));
    }
    case 'customer':
    case 'customerSummary':
    case 'subscriptions':
    case 'subscriptionUsageRecords':
    case 'subscriptionSummary':
      return answerOfCustomer(state, route);
    default:
      return errorAnswer(404, 1000, `Nothing is found at ${route.path}.`);
  }
}

function answerCustomers(
  state: ApiState,
  route: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  const size = pageSizeOf(route.query);
  if (size === undefined) return errorAnswer(400, 800002, 'The size is not a number.');
  const list: PagedList = {
    ...state,
    path: '/customers',
    size,
    belongs: (customer) => isListed(customer, state.population.seed, state.quirks),
    toItem: customerBody,
  };
  return answerPage(list, route, request);
}

function answerUsageRecords(
  state: ApiState,
  route: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  const list: PagedList = {
    ...state,
    path: '/customers/usagerecords',
    size: state.quirks.usageRecordsPageSize ?? state.population.count,
    belongs: hasUsageRecord,
    toItem: (customer) =>
      customerRecordBody(customer, figuresAt(customer, state.nowMs), state.quirks),
  };
  return answerPage(list, route, request);
}

function answerOfCustomer(state: ApiState, route: Route): SimulatorAnswer {
  if (!guidPattern.test(route.customerId)) {
    return errorAnswer(400, 900118, 'The customer id is not valid.');
  }
  const customer = state.population.find(route.customerId);
  if (!customer) return errorAnswer(404, 60003, 'The tenant is not found.');
  const fault = customerFaultOf(customer, state.faults, state.population.seed);
  if (fault === 'failed') return errorAnswer(500, 800003, 'An unexpected service error occurred.');
  if (fault === 'refused') {
    return customer.index % 2 === 0
      ? errorAnswer(403, 20002, 'The partner has no commerce relationship with the customer.')
      : errorAnswer(404, 1000, 'The customer is not found.');
  }
  if (route.kind === 'customer') return jsonAnswer(200, customerBody(customer));
  const { seed } = state.population;
  if (route.kind === 'subscriptions') {
    return jsonAnswer(200, subscriptionsBody(seed, customer, state.quirks.wrongTotalCount));
  }
  const figures = figuresAt(customer, state.nowMs);
  if (route.kind === 'subscriptionUsageRecords') {
    return jsonAnswer(200, subscriptionRecordsBody(customer, figures, state.quirks));
  }
  if (route.kind === 'subscriptionSummary') return answerSubscription(state, customer, route);
  if (customer.kind === 'licensesOnly') return noUsageAnswer(customer);
  return jsonAnswer(200, customerSummaryBody(customer, figures, state.quirks));
}

function answerSubscription(
  state: ApiState,
  customer: SimulatedCustomer,
  route: Route,
): SimulatorAnswer {
  const id = route.subscriptionId.toLowerCase();
  const figures = figuresAt(customer, state.nowMs);
  const own = figures.subscriptions.find((each) => each.subscription.id === id);
  if (own) {
    return jsonAnswer(200, subscriptionSummaryBody(customer, figures, own, state.quirks));
  }
  const licence = licencesOf(state.population.seed, customer).find((each) => each.id === id);
  if (licence && !licence.isReservation) return noUsageAnswer(customer);
  return errorAnswer(404, 20003, 'The subscription is not found.');
}

/** The status that goes with code 3000 is documented in both ways. */
function noUsageAnswer(customer: SimulatedCustomer): SimulatorAnswer {
  const status = customer.index % 2 === 0 ? 404 : 400;
  return errorAnswer(status, 3000, 'Customer does not have usage data.');
}
