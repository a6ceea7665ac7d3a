import Big from 'big.js';
import type { Amount, AzureSubscriptionItem, ChangeItem } from './api.ts';
import { azureSubscriptionNameOf } from './azureSubscriptionName.ts';

/** A part of a change, and what it consists of. */
export interface TreeNode {
  key: string;
  name: string;
  change: Amount;
  /** The largest change first, up or down; none of a resource. */
  children: TreeNode[];
}

interface Level {
  keyOf: (item: ChangeItem) => string;
  nameOf: (item: ChangeItem) => string;
}

/**
 * A change by plan, Azure subscription, resource group and resource.
 *
 * @param placed which plans an Azure subscription belongs to: it may be several
 */
export function buildTree(
  items: readonly ChangeItem[],
  placed: readonly AzureSubscriptionItem[],
  planNames: ReadonlyMap<string, string>,
): TreeNode[] {
  const plansOf = ({ azureSubscriptionId }: ChangeItem) =>
    placed
      .filter((each) => each.azureSubscriptionId === azureSubscriptionId)
      .map(({ subscriptionId }) => planNames.get(subscriptionId) || subscriptionId)
      .toSorted()
      .join(', ') || 'of no plan of this day';
  return branch(items, [
    { keyOf: plansOf, nameOf: plansOf },
    {
      keyOf: ({ azureSubscriptionId = '' }) => azureSubscriptionId,
      nameOf: (item) => azureSubscriptionNameOf(item) ?? '',
    },
    {
      keyOf: ({ resourceGroup = '' }) => resourceGroup.toLowerCase(),
      nameOf: ({ resourceGroup }) => resourceGroup ?? 'of no resource group',
    },
  ]);
}

function branch(items: readonly ChangeItem[], [level, ...below]: readonly Level[]): TreeNode[] {
  if (level === undefined) return items.map(leafOf).toSorted(byChange);
  return [...Map.groupBy(items, level.keyOf)]
    .flatMap(([key, [first, ...others]]) => {
      if (first === undefined) return [];
      const children = branch([first, ...others], below);
      return { key, name: level.nameOf(first), change: sumOfChanges(children), children };
    })
    .toSorted(byChange);
}

function leafOf(item: ChangeItem): TreeNode {
  const { resource, type, change } = item;
  const name = [resource ?? 'of no resource', type].filter(Boolean).join(', ');
  return { key: JSON.stringify(item), name, change, children: [] };
}

const byChange = (one: TreeNode, other: TreeNode) =>
  new Big(other.change).abs().cmp(new Big(one.change).abs());

export function sumOfChanges(nodes: readonly TreeNode[]): Amount {
  const sum = nodes.reduce((before, { change }) => before.plus(change), new Big(0));
  return sum.toFixed() as Amount;
}
