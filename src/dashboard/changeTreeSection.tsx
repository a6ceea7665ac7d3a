import { useMemo, useState } from 'preact/hooks';
import { address } from './address.ts';
import type { Amount, AzureSubscriptions, Changes, SubscriptionItem } from './api.ts';
import { buildTree, sumOfChanges, type TreeNode } from './changeTree.ts';
import { plural } from './format.ts';
import { Change } from './movers.tsx';
import { pathOf } from './request.ts';
import { Await } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

/** What moved, from the plans down to the resources; asked for when somebody opens it. */
export function ChangeTreeSection(shown: {
  customerId: string;
  subscriptions: readonly SubscriptionItem[];
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="tree" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <h3>What moved, plan by plan</h3>
      </summary>
      {isOpen && <Tree {...shown} />}
    </details>
  );
}

function Tree({
  customerId,
  subscriptions,
}: {
  customerId: string;
  subscriptions: readonly SubscriptionItem[];
}) {
  const { to: date, against } = address.value;
  const path = `customers/${customerId}`;
  const changes = useAnswer<Changes>(pathOf(`${path}/changes`, { date, against, by: 'resource' }));
  const placed = useAnswer<AzureSubscriptions>(pathOf(`${path}/azure-subscriptions`, { date }));
  const nodes = useMemo(() => {
    const names = new Map(
      subscriptions.map((each) => [each.subscriptionId, each.subscriptionName] as const),
    );
    return changes.data && placed.data
      ? buildTree(changes.data.items, placed.data.items, names)
      : [];
  }, [changes.data, placed.data, subscriptions]);
  return (
    <Await asked={placed}>
      {() => (
        <Await
          asked={changes}
          isEmpty={({ items }) => items.length === 0}
          empty="No resource is recorded to have moved."
        >
          {({ currency, unexplained }) => (
            <>
              <Nodes nodes={nodes} currency={currency} />
              {unexplained !== null && Number(unexplained) !== 0 && (
                <Leaf name="Unexplained" change={unexplained} currency={currency} />
              )}
            </>
          )}
        </Await>
      )}
    </Await>
  );
}

/** Of one parent. */
const mostShown = 50;

function Nodes({ nodes, currency }: { nodes: readonly TreeNode[]; currency: string | null }) {
  const others = nodes.slice(mostShown);
  return (
    <>
      {nodes
        .slice(0, mostShown)
        .map((node) =>
          node.children.length > 0 ? (
            <Branch key={node.key} node={node} currency={currency} />
          ) : (
            <Leaf key={node.key} name={node.name} change={node.change} currency={currency} />
          ),
        )}
      {others.length > 0 && (
        <Leaf
          name={plural(others.length, 'other')}
          change={sumOfChanges(others)}
          currency={currency}
        />
      )}
    </>
  );
}

function Branch({ node, currency }: { node: TreeNode; currency: string | null }) {
  const [isOpen, setIsOpen] = useState(false);
  const { name, change, children } = node;
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <Label name={name} change={change} currency={currency} />
      </summary>
      {isOpen && <Nodes nodes={children} currency={currency} />}
    </details>
  );
}

interface Labelled {
  name: string;
  change: Amount;
  currency: string | null;
}

function Leaf(labelled: Labelled) {
  return (
    <p>
      <Label {...labelled} />
    </p>
  );
}

function Label({ name, change, currency }: Labelled) {
  return (
    <>
      <span class="sum">
        <Change item={{ change, currency }} />
      </span>
      <bdi>{name}</bdi>
    </>
  );
}
