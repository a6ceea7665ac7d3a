import type { MoverItem, Movers, Ranking, RankingItem } from './api.ts';
import { formatPercent } from './format.ts';
import { type Listed, LongTable } from './longTable.tsx';
import { Change, ChangePercent } from './movers.tsx';
import { CustomerLink, Head, MoneyCell, outcomeWords, Percent } from './parts.tsx';

type ListAnswer<Item> = { items: readonly Item[]; continuation: string | null };
type CustomersTableProps<Item> = Pick<Listed<Item>, 'onEnd' | 'keyOf' | 'cells'> & {
  answer: ListAnswer<Item>;
  columns: Parameters<typeof Head>[0]['columns'];
};

function CustomersTable<Item>({ answer, columns, ...listed }: CustomersTableProps<Item>) {
  return (
    <LongTable
      label="Customers"
      items={answer.items}
      hasMore={answer.continuation !== null}
      head={<Head columns={columns} />}
      {...listed}
    />
  );
}

/** The figures of each customer. */
export function RankingTable({ answer, onEnd }: { answer: Ranking; onEnd: () => void }) {
  return (
    <CustomersTable
      answer={answer}
      onEnd={onEnd}
      columns={{
        Customer: 'text',
        'Daily cost': 'number',
        'Period so far': 'number',
        Currency: 'text',
        'Of budget': 'number',
        Outcome: 'text',
      }}
      keyOf={({ customerId }) => customerId}
      cells={(item, onFocus) => <RankingCells item={item} onFocus={onFocus} />}
    />
  );
}

function RankingCells({ item, onFocus }: { item: RankingItem; onFocus: () => void }) {
  const { currency, percentUsed, outcome, isStale } = item;
  const detail = [item.errorCode, item.errorMessage].filter(Boolean).join(' ');
  return (
    <>
      <th scope="row" class="name">
        <CustomerLink {...item} onFocus={onFocus} />
      </th>
      <MoneyCell amount={item.dailyCost} currency={currency} />
      <MoneyCell amount={item.totalCost} currency={currency} />
      <td>{currency}</td>
      <td class="number">
        <Percent
          value={percentUsed}
          text={percentUsed === null ? '' : formatPercent(Number(percentUsed))}
        />
      </td>
      <td class={outcome} title={detail}>
        {outcomeWords[outcome]}
        {isStale && ', stale'}
      </td>
    </>
  );
}

/** What each customer costs against an earlier day. */
export function ChangeTable({ answer, onEnd }: { answer: Movers; onEnd: () => void }) {
  return (
    <CustomersTable
      answer={answer}
      onEnd={onEnd}
      columns={{
        Customer: 'text',
        Before: 'number',
        Now: 'number',
        Currency: 'text',
        Change: 'number',
        Percent: 'number',
      }}
      // One whose currency has changed is there twice.
      keyOf={({ customerId, currency }) => `${customerId} ${currency}`}
      cells={(item, onFocus) => <ChangeCells item={item} onFocus={onFocus} />}
    />
  );
}

function ChangeCells({ item, onFocus }: { item: MoverItem; onFocus: () => void }) {
  const { currency } = item;
  return (
    <>
      <th scope="row" class="name">
        <CustomerLink {...item} onFocus={onFocus} />
      </th>
      <MoneyCell amount={item.before} currency={currency} />
      <MoneyCell amount={item.after} currency={currency} />
      <td>{currency}</td>
      <td class="number">
        <Change item={item} />
      </td>
      <td class="number">
        <ChangePercent item={item} />
      </td>
    </>
  );
}
