import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { address, go, latestDate } from './address.ts';
import type { RankingItem } from './api.ts';
import { formatDate, formatPercent, plural } from './format.ts';
import { Choice, CustomerLink, Head, MoneyCell, outcomeWords, Percent } from './parts.tsx';
import { Await, Section } from './states.tsx';
import { type PagedRanking, useRanking } from './useRanking.ts';

const orders = { totalCost: 'by cost', dailyCost: 'by daily cost', percentUsed: 'by % of budget' };
const outcomes = {
  '': 'All outcomes',
  usage: 'With usage',
  noUsage: 'Without usage',
  refused: 'Refused',
  failed: 'Failed',
};

/** The customers of a day, the largest first. */
export function RankingSection() {
  const { to, orderBy, search, outcome, currency } = address.value;
  const found = useRanking({ date: to, orderBy, search, outcome, currency });
  const { data } = found;
  useEffect(() => {
    if (data && to === '') latestDate.value = data.date;
  }, [data, to]);
  const note = data && (
    <>
      {formatDate(data.date)}
      {!data.complete && <b class="warn">, not complete yet</b>}
    </>
  );
  const tools = (
    <>
      <SearchField />
      <Choice
        label="Order"
        options={orders}
        value={(orderBy || 'totalCost') as keyof typeof orders}
        onChange={(value) => go({ orderBy: value })}
      />
      <Choice
        label="Outcome"
        options={outcomes}
        value={outcome as keyof typeof outcomes}
        onChange={(value) => go({ outcome: value })}
      />
    </>
  );
  return (
    <Section title="Customers" note={note} tools={tools}>
      <Await
        asked={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          search || outcome || currency ? 'No customer like that.' : 'No customer was recorded.'
        }
      >
        {({ items }) => <Rows items={items} found={found} />}
      </Await>
    </Section>
  );
}

const typingMs = 200;

function SearchField() {
  const { search } = address.value;
  const [text, setText] = useState(search);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => setText(search), [search]);
  const change = (value: string) => {
    setText(value);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(
      () => go({ search: value.trim() }, { isReplacing: true }),
      typingMs,
    );
  };
  return (
    <input
      id="search"
      type="search"
      value={text}
      maxLength={100}
      placeholder="Name, domain or id"
      aria-label="Search customers by name, domain or id"
      aria-keyshortcuts="/"
      onInput={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'Enter') {
          event.preventDefault();
          document.querySelector<HTMLElement>('.rows tbody a')?.focus();
        }
        if (event.key === 'Escape') change('');
      }}
    />
  );
}

/** Of a row, as the style has it; only rows in sight are in the document. */
const rowPx = 36;
const headPx = 32;
const spareRows = 10;
const heightOfAll = (rows: number) => rows * rowPx + headPx + 2;

function Rows({ items, found }: { items: readonly RankingItem[]; found: PagedRanking }) {
  const box = useRef<HTMLElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [current, setCurrent] = useState(0);
  const wanted = useRef<number | undefined>(undefined);
  const from = Math.max(0, Math.floor(top / rowPx) - spareRows);
  const to = Math.min(items.length, Math.ceil((top + height) / rowPx) + spareRows);
  const { continuation } = found.data ?? {};
  useLayoutEffect(() => {
    if (box.current) setHeight(box.current.clientHeight);
  }, []);
  useEffect(() => {
    if (to === items.length && continuation) found.more();
  });
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const link = box.current?.querySelector<HTMLElement>(`tr[data-row="${wanted.current}"] a`);
    wanted.current = undefined;
    link?.focus({ preventScroll: true });
  });
  const move = (event: KeyboardEvent) => {
    const next = nextRow(event.key, { current, height, count: items.length });
    if (next === undefined || !box.current) return;
    event.preventDefault();
    wanted.current = next;
    setCurrent(next);
    box.current.scrollTop = scrolledTo(next, box.current);
    setTop(box.current.scrollTop);
  };
  return (
    <>
      <section
        ref={box}
        class="rows"
        aria-label="Customers"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        tabIndex={0}
        style={{ height: `min(70vh, ${heightOfAll(items.length)}px)` }}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={move}
      >
        <table
          aria-rowcount={continuation ? -1 : items.length + 1}
          style={{
            marginTop: `${from * rowPx}px`,
            marginBottom: `${(items.length - to) * rowPx}px`,
          }}
        >
          <RankingHead />
          <tbody>
            {items.slice(from, to).map((item, index) => (
              <Row
                key={item.customerId}
                item={item}
                row={from + index}
                onFocus={() => setCurrent(from + index)}
              />
            ))}
          </tbody>
        </table>
      </section>
      <p class="note count">
        {plural(items.length, 'customer')}
        {continuation && ', and more below'}
      </p>
    </>
  );
}

function nextRow(
  key: string,
  { current, height, count }: { current: number; height: number; count: number },
): number | undefined {
  const page = Math.max(1, Math.floor((height - headPx) / rowPx) - 1);
  const targets: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target));
}

/** Where a row is in sight, with as little scrolling as that takes. */
function scrolledTo(row: number, { scrollTop, clientHeight }: HTMLElement): number {
  const [start, end] = [row * rowPx, (row + 1) * rowPx + headPx];
  if (start < scrollTop) return start;
  return end > scrollTop + clientHeight ? end - clientHeight : scrollTop;
}

function RankingHead() {
  return (
    <Head
      columns={{
        Customer: 'text',
        'Daily cost': 'number',
        'Period so far': 'number',
        Currency: 'text',
        'Of budget': 'number',
        Outcome: 'text',
      }}
    />
  );
}

function Row({ item, row, onFocus }: { item: RankingItem; row: number; onFocus: () => void }) {
  const { currency, percentUsed, outcome, isStale } = item;
  const detail = [item.errorCode, item.errorMessage].filter(Boolean).join(' ');
  return (
    <tr data-row={row} aria-rowindex={row + 2}>
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
    </tr>
  );
}
