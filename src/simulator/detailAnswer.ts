import type { ApiState } from './apiAnswer.ts';
import type { SimulatedCustomer } from './customer.ts';
import { meterRecordsBody, resourceRecordsBody } from './detailBody.ts';
import { detailsAt } from './details.ts';
import { errorAnswer, jsonAnswer, type SimulatorAnswer } from './exchange.ts';
import { figuresAt } from './figures.ts';
import type { Route } from './route.ts';

/** Records by resource, of Azure plans alone, or by meter. */
export function answerDetails(
  state: ApiState,
  customer: SimulatedCustomer,
  route: Route,
): SimulatorAnswer {
  const { quirks, nowMs, resourcesPerPlan } = state;
  const id = route.subscriptionId.toLowerCase();
  const { subscriptions } = figuresAt(customer, nowMs);
  const own = subscriptions.find(({ subscription }) => subscription.id === id);
  if (!own || quirks.recordsNotFound) {
    return errorAnswer(404, 20003, 'The subscription is not found.');
  }
  if (!isOfKind(customer, route, quirks.formerMetersOnly === true)) {
    return errorAnswer(400, 2000, 'The subscription is of another kind.');
  }
  const details = detailsAt(customer, own, nowMs, { quirks, resourcesPerPlan });
  const { subscription } = own;
  const isFormer = route.kind === 'formerMeterUsageRecords';
  const body =
    route.kind === 'resourceUsageRecords'
      ? resourceRecordsBody(customer, subscription, details, quirks)
      : meterRecordsBody(customer, subscription, details, { isFormer });
  const answer = jsonAnswer(200, body);
  return quirks.slowRecordsMs ? { ...answer, delayMs: quirks.slowRecordsMs } : answer;
}

function isOfKind({ kind }: SimulatedCustomer, route: Route, isFormerOnly: boolean): boolean {
  if (route.kind === 'resourceUsageRecords') return kind === 'azurePlan';
  if (route.kind === 'formerMeterUsageRecords') return kind === 'legacy';
  return kind === 'azurePlan' || !isFormerOnly;
}
