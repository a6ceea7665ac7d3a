import type { PartnerCenterClient } from '../app/app.ts';
import { askMfaCompliance } from '../sign-in/mfa.ts';
import { planOfFigures } from '../usage/plan.ts';
import type { Examination } from './examination.ts';

const partnerCalls = ['customers', 'multi-factor authentication', 'customers/usagerecords'];
const partnerSummary = 'usagesummary';
const customerCalls = [
  'customers/{id}/usagesummary',
  'customers/{id}/subscriptions',
  'customers/{id}/subscriptions/usagerecords',
] as const;
const subscriptionCalls = [
  'customers/{id}/subscriptions/{id}/usagesummary',
  'customers/{id}/subscriptions/{id}/resourceusagerecords',
] as const;
/** In place of the last one, where the first subscription is a legacy one. */
const legacyDetails = 'customers/{id}/subscriptions/{id}/meterusagerecords';

/**
 * Checks the right to each call that a snapshot or a command makes. A check that needs the result
 * of another one is skipped with a reason where that has none.
 *
 * @param partnerCenter `undefined` where there is no access token
 */
export async function examineCalls(
  partnerCenter: PartnerCenterClient | undefined,
  examination: Examination,
): Promise<void> {
  if (!partnerCenter) {
    const names = [...partnerCalls, partnerSummary, ...customerCalls, ...subscriptionCalls];
    examination.skip(names, 'there is no access token');
    return;
  }
  await examineMfa(partnerCenter, examination);
  const records = await examination.check(
    'customers/usagerecords',
    () => firstOf(partnerCenter.listCustomerUsageRecords()),
    ([record]) => (record ? 'can be read' : 'can be read, and names no customer'),
  );
  await examination.check(
    partnerSummary,
    () => partnerCenter.getPartnerUsageSummary(),
    (summary) => (summary ? 'can be read' : 'can be read, and there is no usage'),
    'a snapshot is complete without it',
  );
  const customerId = records?.[0]?.customerId;
  if (customerId === undefined) {
    const why = `customers/usagerecords ${records ? 'names no customer' : 'could not be read'}`;
    examination.skip([...customerCalls, ...subscriptionCalls], why);
    return;
  }
  await examineCustomer(partnerCenter, customerId, examination);
}

/** Checks the list of customers, and whether Partner Center takes the sign-in for compliant. */
async function examineMfa(
  partnerCenter: PartnerCenterClient,
  examination: Examination,
): Promise<void> {
  const mfa = await askMfaCompliance(partnerCenter);
  await examination.check(
    'customers',
    async () => {
      if (mfa.error !== undefined) throw mfa.error;
    },
    () => 'can be listed',
  );
  const name = 'multi-factor authentication';
  if (mfa.error !== undefined && mfa.isCompliant === undefined) {
    examination.skip([name], 'customers could not be listed, and their answer would say so');
    return;
  }
  examination.note({
    name,
    isOk: mfa.isCompliant !== false,
    finding: describeMfa(mfa.isCompliant),
  });
}

async function examineCustomer(
  partnerCenter: PartnerCenterClient,
  customerId: string,
  examination: Examination,
): Promise<void> {
  const [summary, subscriptions, usageRecords] = customerCalls;
  await examination.check(
    summary,
    () => partnerCenter.getCustomerUsageSummary(customerId),
    () => `can be read (${customerId})`,
  );
  await examination.check(
    subscriptions,
    () => firstOf(partnerCenter.listSubscriptions(customerId)),
    ([found]) => (found ? 'can be read' : 'can be read, and names no subscription'),
    'a snapshot asks for it with SNAPSHOT_SUBSCRIPTION_DISCOVERY=subscriptions alone',
  );
  const records = await examination.check(
    usageRecords,
    () => firstOf(partnerCenter.listSubscriptionUsageRecords(customerId)),
    ([found]) => (found ? 'can be read' : 'can be read, and names no subscription'),
  );
  const record = records?.[0];
  if (record === undefined) {
    const why = `${usageRecords} ${records ? 'names no subscription' : 'could not be read'}`;
    examination.skip(subscriptionCalls, why);
    return;
  }
  const { id: subscriptionId } = record.subscription;
  const [subscriptionSummary, usageDetails] = subscriptionCalls;
  await examination.check(
    subscriptionSummary,
    () => partnerCenter.getSubscriptionUsageSummary(customerId, subscriptionId),
    () => `can be read (${subscriptionId})`,
  );
  const plan = planOfFigures(record);
  await examination.check(
    plan === 'azurePlan' ? usageDetails : legacyDetails,
    () => partnerCenter.getUsageDetails(customerId, subscriptionId, { plan }),
    (details) =>
      details ? `can be read, ${details.records} records` : 'can be asked for, and has no records',
    'a snapshot is complete without it, and asks for it unless SNAPSHOT_DEPTH=off',
  );
}

/** A list with only the first item; empty where there is none. */
async function firstOf<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  for await (const [first] of pages) if (first !== undefined) return [first];
  return [];
}

function describeMfa(isCompliant: boolean | undefined): string {
  if (isCompliant === undefined) return 'Partner Center does not say; see the checks of its calls';
  if (isCompliant) return 'Partner Center takes the sign-in for compliant';
  return 'missing: sign the service user in again with MFA (`usage-snapshots login`)';
}
