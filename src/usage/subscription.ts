import { planOfOffer } from './plan.ts';

/** A subscription, or the Partner Center subscription that stands for an Azure plan. */
export interface Subscription {
  /** Lower case; what `subscriptions/{id}/usagesummary` takes. */
  id: string;
  name: string;
  /** The API's word: `active`, `suspended`, `deleted`, … or one we do not know yet. */
  status?: string;
  /** Partner id of the reseller; an indirect provider's customer can have a plan for each. */
  partnerOnRecord?: string;
  offerId?: string;
  unitType?: string;
  billingType?: string;
}

/**
 * Whether a subscription is billed by use, so that it has a usage summary. The offer decides where
 * it is known; otherwise `billingType` or `unitType`. Licences and reservations have neither value.
 */
export function isUsageBased(subscription: Subscription): boolean {
  return (
    planOfOffer(subscription.offerId) !== undefined ||
    subscription.billingType?.toLowerCase() === 'usage' ||
    subscription.unitType?.toLowerCase() === 'usage-based'
  );
}
