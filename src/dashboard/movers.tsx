import { address, go } from './address.ts';
import type { MoverItem, Movers } from './api.ts';
import { formatChangePercent, formatDate } from './format.ts';
import { Choice, CustomerLink, Head, MoneyIn } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

const comparisons = {
  day: 'against the day before',
  week: 'against last week',
  period: 'against the last period',
};

const shown = '8';

/** Whose cost grew or fell most. */
export function MoversSection() {
  const { to, against, currency } = address.value;
  const asked = useAnswer<Movers>(pathOf('movers', { date: to, against, currency, top: shown }));
  const tools = (
    <Choice
      label="Compared with"
      options={comparisons}
      value={(against || 'day') as keyof typeof comparisons}
      onChange={(value) => go({ against: value })}
    />
  );
  return (
    <Section title="Movers" note={asked.data && formatDate(asked.data.date)} tools={tools}>
      <Await
        asked={asked}
        isEmpty={({ items }) => items.length === 0}
        empty="Nothing that can be compared has moved."
      >
        {({ items }) => <MoversTable items={items} />}
      </Await>
    </Section>
  );
}

function MoversTable({ items }: { items: readonly MoverItem[] }) {
  return (
    <table>
      <Head columns={{ Customer: 'text', Change: 'number', Percent: 'number' }} />
      <tbody>
        {items.map((item) => (
          <tr key={`${item.customerId} ${item.currency}`}>
            <th scope="row" class="name">
              <CustomerLink {...item} />
            </th>
            <td class="number">
              {directionOf(item)} <MoneyIn amount={item.change} currency={item.currency} isChange />
            </td>
            <td class="number">
              {item.kind !== 'changed' && item.kind}
              {item.kind === 'changed' &&
                item.percent !== null &&
                formatChangePercent(item.percent)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function directionOf({ change }: MoverItem) {
  if (change === null || Number(change) === 0) return null;
  return <span aria-hidden="true">{Number(change) > 0 ? '▲' : '▼'}</span>;
}
