import type { SubscriptionItem, Subscriptions } from './api.ts';
import { formatDate } from './format.ts';
import { Head, MoneyIn, outcomeWords } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

/** The subscriptions and plans of a customer on a day, the largest first. */
export function SubscriptionsSection({ customerId, date }: { customerId: string; date: string }) {
  const asked = useAnswer<Subscriptions>(pathOf(`customers/${customerId}/subscriptions`, { date }));
  return (
    <Section title="Subscriptions and plans" note={asked.data && formatDate(asked.data.date)}>
      <Await
        asked={asked}
        isEmpty={({ items }) => items.length === 0}
        empty={`None on that day (${asked.data ? outcomeWords[asked.data.outcome] : ''}).`}
      >
        {({ items }) => <SubscriptionsTable items={items.toSorted(byCost)} />}
      </Await>
    </Section>
  );
}

const byCost = (a: SubscriptionItem, b: SubscriptionItem) =>
  Number(b.totalCost ?? 0) - Number(a.totalCost ?? 0);

function SubscriptionsTable({ items }: { items: readonly SubscriptionItem[] }) {
  return (
    <table>
      <Head columns={{ Name: 'text', Outcome: 'text', 'Period so far': 'number' }} />
      <tbody>
        {items.map((item) => (
          <tr key={item.subscriptionId}>
            <th scope="row" class="name" title={item.subscriptionId}>
              <bdi>{item.subscriptionName || item.subscriptionId}</bdi>
            </th>
            <td class={item.outcome} title={item.errorMessage ?? ''}>
              {outcomeWords[item.outcome]}
            </td>
            <td class="number">
              <MoneyIn amount={item.totalCost} currency={item.currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
