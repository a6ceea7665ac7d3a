import Big from 'big.js';
import type { Amount, SubscriptionItem, Subscriptions } from './api.ts';
import { formatCount, formatDate } from './format.ts';
import { PaperRows } from './paper.tsx';
import { Head, MoneyIn, outcomeWords } from './parts.tsx';
import { Await, Section } from './states.tsx';
import type { Asked } from './useAnswer.ts';

/** The subscriptions and plans of a customer on a day, the largest first. */
export function SubscriptionsSection({ asked }: { asked: Asked<Subscriptions> }) {
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

const linesOnPaper = 15;

const byCost = (a: SubscriptionItem, b: SubscriptionItem) =>
  Number(b.totalCost ?? 0) - Number(a.totalCost ?? 0);

function SubscriptionsTable({ items }: { items: readonly SubscriptionItem[] }) {
  return (
    <table>
      <Head columns={{ Name: 'text', Outcome: 'text', 'Period so far': 'number' }} />
      <PaperRows
        items={items}
        most={linesOnPaper}
        row={(item) => (
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
        )}
        others={(rest) => <Others items={rest} />}
      />
    </table>
  );
}

function Others({ items }: { items: readonly SubscriptionItem[] }) {
  const sums = new Map<string, Big>();
  for (const { currency, totalCost } of items) {
    if (currency === null || totalCost === null) continue;
    sums.set(currency, new Big(totalCost).plus(sums.get(currency) ?? 0));
  }
  return (
    <>
      {formatCount(items.length)} others{' '}
      <span class="sum">
        {[...sums].map(([currency, sum]) => (
          <MoneyIn key={currency} amount={sum.toFixed() as Amount} currency={currency} />
        ))}
      </span>
    </>
  );
}
