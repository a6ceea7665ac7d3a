import { describe, expect, it } from 'vitest';
import type { AzureSubscriptionItem, ChangeItem } from '../../../src/dashboard/api.ts';
import { buildTree } from '../../../src/dashboard/changeTree.ts';

const moved = (azureSubscriptionId: string, change: `${number}`, resourceGroup?: string) =>
  ({
    azureSubscriptionId,
    ...(resourceGroup !== undefined && { resourceGroup, resource: `vm of ${resourceGroup}` }),
    change,
  }) as ChangeItem;
const placed = (azureSubscriptionId: string, subscriptionId: string) =>
  ({ azureSubscriptionId, subscriptionId }) as AzureSubscriptionItem;
const names = new Map([
  ['p1', 'One'],
  ['p2', 'Two'],
]);

describe('the tree of a change', () => {
  it('adds up on every level, exactly, the largest change first, in either direction', () => {
    const items = [
      moved('a', '0.10000000000000000001', 'rg'),
      moved('a', '0.2', 'RG'),
      moved('b', '-5', 'rg'),
    ];
    const [plan] = buildTree(items, [placed('a', 'p1'), placed('b', 'p1')], names);
    expect(plan).toMatchObject({ name: 'One', change: '-4.69999999999999999999' });
    expect(plan?.children.map(({ name, change }) => [name, change])).toEqual([
      ['b', '-5'],
      ['a', '0.30000000000000000001'],
    ]);
    const groups = plan?.children[1]?.children;
    expect(groups).toMatchObject([{ name: 'rg', change: '0.30000000000000000001' }]);
    expect(groups?.[0]?.children.map(({ name }) => name)).toEqual(['vm of RG', 'vm of rg']);
  });

  it('names all plans of an Azure subscription, and those without any', () => {
    const items = [moved('meters', '2'), moved('gone', '-1')];
    const tree = buildTree(items, [placed('meters', 'p2'), placed('meters', 'p1')], names);
    expect(tree.map(({ name }) => name)).toEqual(['One, Two', 'of no plan of this day']);
    expect(tree[0]?.children[0]).toMatchObject({
      name: 'meters',
      children: [{ name: 'of no resource group', children: [{ name: 'of no resource' }] }],
    });
  });
});
