import { useEffect } from 'preact/hooks';
import { address, go, latestDate } from './address.ts';
import type { Movers, Ranking } from './api.ts';
import { CsvButton } from './csvButton.tsx';
import { formatDate } from './format.ts';
import { AgainstChoice } from './movers.tsx';
import { Choice, planNames } from './parts.tsx';
import { ChangeTable, RankingTable } from './rankingTables.tsx';
import type { Query } from './request.ts';
import { SearchField } from './searchField.tsx';
import { Await, Section } from './states.tsx';
import { usePages } from './usePages.ts';

const orders = {
  totalCost: 'by cost',
  dailyCost: 'by daily cost',
  change: 'by change',
  percentUsed: 'by % of budget',
};
const outcomes = {
  '': 'All outcomes',
  usage: 'With usage',
  noUsage: 'Without usage',
  refused: 'Refused',
  failed: 'Failed',
};
const plans = { '': 'All plans', ...planNames };

/**
 * The customers of a day, the largest first; by change those that can be compared.
 *
 * @param onAnswer once there is an answer, or none can be had
 */
export function RankingSection({ onAnswer }: { onAnswer: () => void }) {
  const { to, orderBy, search, outcome, plan, currency, against } = address.value;
  const isByChange = orderBy === 'change';
  const route = isByChange ? 'movers' : 'customers';
  const common = { date: to, search, plan, currency };
  const query: Query = isByChange ? { ...common, against } : { ...common, orderBy, outcome };
  const found = usePages<Ranking | Movers>(route, query);
  const { data, more } = found;
  useEffect(() => {
    if (data && to === '') latestDate.value = data.date;
  }, [data, to]);
  useEffect(() => {
    if (!found.isLoading) onAnswer();
  }, [found.isLoading, onAnswer]);
  const note = data && (
    <>
      {formatDate(data.date)}
      {!data.complete && <b class="warn">, not complete yet</b>}
    </>
  );
  return (
    <Section title="Customers" note={note} tools={<Tools route={route} query={query} />}>
      <Await
        asked={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          isByChange
            ? 'Nothing that can be compared has moved.'
            : search || outcome || plan || currency
              ? 'No customer like that.'
              : 'No customer was recorded.'
        }
      >
        {(answer) =>
          'beforeDate' in answer ? (
            <ChangeTable answer={answer} onEnd={more} />
          ) : (
            <RankingTable answer={answer} onEnd={more} />
          )
        }
      </Await>
    </Section>
  );
}

function Tools({ route, query }: { route: string; query: Query }) {
  const { orderBy, outcome, plan } = address.value;
  return (
    <>
      <SearchField
        id="search"
        placeholder="Name, domain or id"
        label="Search customers by name, domain or id"
        aria-keyshortcuts="/"
      />
      <Choice
        label="Order"
        options={orders}
        value={(orderBy || 'totalCost') as keyof typeof orders}
        onChange={(value) => go({ orderBy: value })}
      />
      {orderBy === 'change' ? (
        <AgainstChoice />
      ) : (
        <Choice
          label="Outcome"
          options={outcomes}
          value={outcome as keyof typeof outcomes}
          onChange={(value) => go({ outcome: value })}
        />
      )}
      <Choice
        label="Plan"
        options={plans}
        value={plan as keyof typeof plans}
        onChange={(value) => go({ plan: value })}
      />
      <CsvButton route={route} query={query} of="these customers" />
    </>
  );
}
