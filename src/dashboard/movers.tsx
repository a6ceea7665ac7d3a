import { address, go, linkTo } from './address.ts';
import type { MoverItem, Movers } from './api.ts';
import { formatChangePercent, formatDate, none } from './format.ts';
import { Choice, CustomerLink, Head, Money } from './parts.tsx';
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
  return (
    <Section
      title="Movers"
      note={asked.data && formatDate(asked.data.date)}
      tools={<AgainstChoice />}
    >
      <Await
        asked={asked}
        isEmpty={({ items }) => items.length === 0}
        empty="Nothing that can be compared has moved."
      >
        {({ items, continuation }) => (
          <>
            <MoversTable items={items} />
            {continuation && (
              <p class="note">
                <a href={linkTo({ orderBy: 'change' })}>All by change</a>
              </p>
            )}
          </>
        )}
      </Await>
    </Section>
  );
}

/** What the movers and the ranking by change are compared with. */
export function AgainstChoice() {
  return (
    <Choice
      label="Compared with"
      options={comparisons}
      value={(address.value.against || 'day') as keyof typeof comparisons}
      onChange={(value) => go({ against: value })}
    />
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
              <Change item={item} /> <small>{item.currency}</small>
            </td>
            <td class="number">
              <ChangePercent item={item} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The amount, up or down. */
export function Change({
  item: { change, currency },
}: {
  item: Pick<MoverItem, 'change'> & { currency: string | null };
}) {
  const sign = Math.sign(Number(change));
  return (
    <>
      {sign !== 0 && <span aria-hidden="true">{sign > 0 ? '▲' : '▼'} </span>}
      <Money amount={change} currency={currency} isChange />
    </>
  );
}

/** In percent of what it was, or why there is none. */
export function ChangePercent({ item: { kind, percent } }: { item: MoverItem }) {
  if (kind !== 'changed') return <>{kind}</>;
  return <>{percent === null ? none : formatChangePercent(percent)}</>;
}
