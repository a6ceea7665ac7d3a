/** What stands in place of an Azure subscription's id. */
const standIns = new Map([
  ['unassigned', 'of no Azure subscription'],
  ['meters', 'meters'],
  ['rest', 'not in the records'],
]);

/** @returns undefined where no Azure subscription is named */
export function azureSubscriptionNameOf({
  azureSubscriptionId: id,
  azureSubscriptionName: name,
}: {
  azureSubscriptionId?: string;
  azureSubscriptionName?: string | null;
}): string | undefined {
  if (id === undefined) return undefined;
  return standIns.get(id) ?? (name || id);
}
