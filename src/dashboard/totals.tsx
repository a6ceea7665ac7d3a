import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { address } from './address.ts';
import type { List, TotalItem } from './api.ts';
import { formatAmount, formatCount, formatDate, plural } from './format.ts';
import { compareMonths, findFirstNight, firstDayNeeded } from './months.ts';
import { MonthsSoFar } from './monthsSoFar.tsx';
import { Head, Money, MoneyCell } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { type Plotted, TimeChart } from './timeChart.tsx';
import { Unfold } from './unfold.tsx';
import { useAnswer } from './useAnswer.ts';

/** Those that totals were seen of, to choose from. */
export const currencies = signal<readonly string[]>([]);

/** All customers, each currency by itself. */
export function Totals() {
  const { from, to, currency } = address.value;
  const asked = useAnswer<List<TotalItem>>(pathOf('totals', { from, to, currency }));
  return (
    <Section title="All customers" note="Each currency by itself.">
      <Await
        asked={asked}
        isEmpty={({ items }) => items.length === 0}
        empty="No totals in these days."
      >
        {({ items }) => <Currencies items={items} />}
      </Await>
    </Section>
  );
}

function Currencies({ items }: { items: readonly TotalItem[] }) {
  const byCurrency = useMemo(
    () =>
      Object.entries(Object.groupBy(items, ({ currency }) => currency)).map(
        ([currency, days = []]) => [currency, days.toSorted(byDate)] as const,
      ),
    [items],
  );
  useEffect(() => {
    const seen = byCurrency.map(([currency]) => currency);
    if (seen.some((each) => !currencies.value.includes(each))) {
      currencies.value = [...new Set([...currencies.value, ...seen])];
    }
  }, [byCurrency]);
  const largestFirst = byCurrency.toSorted(
    ([, a], [, b]) => (b.at(-1)?.customers ?? 0) - (a.at(-1)?.customers ?? 0),
  );
  const dates = items.map(({ date }) => date).toSorted();
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  const from = firstDayNeeded(first, last);
  const { data: longer } = useAnswer<List<TotalItem>>(pathOf('totals', { from, to: last }));
  return (
    <div class="currencies">
      {largestFirst.map(([currency, days]) => {
        const firstNight = longer && findFirstNight(longer.items, currency, from);
        return (
          <CurrencyCard key={currency} currency={currency} days={days} firstNight={firstNight}>
            {longer && (
              <MonthsSoFar
                {...compareMonths(longer.items, currency, last)}
                currency={currency}
                firstNight={firstNight}
              />
            )}
          </CurrencyCard>
        );
      })}
    </div>
  );
}

const byDate = (a: TotalItem, b: TotalItem) => (a.date < b.date ? -1 : 1);

const firstNightWords = 'first night: the billing periods so far';

function barsOf(days: readonly TotalItem[], firstNight: string | undefined): Plotted[] {
  const costs = (isWanted: (date: string) => boolean) =>
    days.map(({ date, dailyCost }) =>
      dailyCost === null || !isWanted(date) ? null : Number(dailyCost),
    );
  const first = costs((date) => date === firstNight);
  return [
    { kind: 'bars', colour: 'accent', values: costs((date) => date !== firstNight) },
    { kind: 'bars', colour: 'soft', values: first },
    { kind: 'marks', sign: '*', colour: 'soft', values: first },
  ];
}

function CurrencyCard({
  currency,
  days,
  firstNight,
  children,
}: {
  currency: string;
  days: readonly TotalItem[];
  firstNight: string | undefined;
  children: ComponentChildren;
}) {
  const last = days.at(-1);
  const dates = useMemo(() => days.map(({ date }) => date), [days]);
  const series = useMemo(() => barsOf(days, firstNight), [days, firstNight]);
  if (!last) return null;
  const describe = (index: number) => {
    const day = days[index];
    if (!day) return '';
    const text = `${formatDate(day.date)}: ${formatAmount(day.dailyCost, currency)} ${currency}`;
    return day.date === firstNight ? `${text}, ${firstNightWords}` : text;
  };
  return (
    <article class="card">
      <h3>{currency}</h3>
      <p class="figure">
        <Money amount={last.totalCost} currency={currency} /> <small>{currency} this period</small>
      </p>
      <p class="note">
        <Money amount={last.dailyCost} currency={currency} /> on {formatDate(last.date)},{' '}
        {plural(last.customers, 'customer')}
        {last.customersMissing > 0 && (
          <b class="warn">, {formatCount(last.customersMissing)} missing</b>
        )}
      </p>
      {children}
      <TimeChart
        label={`Daily cost in ${currency}`}
        dates={dates}
        series={series}
        describe={describe}
      />
      {firstNight && dates.includes(firstNight) && <p class="note">* {firstNightWords}</p>}
      <Unfold
        summary={
          <>
            Table<span class="hidden"> of {currency}</span>
          </>
        }
      >
        {() => <TotalsTable currency={currency} days={days} firstNight={firstNight} />}
      </Unfold>
    </article>
  );
}

function TotalsTable({
  currency,
  days,
  firstNight,
}: {
  currency: string;
  days: readonly TotalItem[];
  firstNight: string | undefined;
}) {
  return (
    <table>
      <Head
        columns={{
          Day: 'text',
          'Daily cost': 'number',
          'Periods so far': 'number',
          Customers: 'number',
        }}
      />
      <tbody>
        {days.toReversed().map((day) => (
          <tr key={day.date}>
            <td>
              {formatDate(day.date)}
              {day.date === firstNight && `, ${firstNightWords}`}
            </td>
            <MoneyCell amount={day.dailyCost} currency={currency} />
            <MoneyCell amount={day.totalCost} currency={currency} />
            <td class="number">
              {formatCount(day.customers)}
              {day.customersMissing > 0 && `, ${formatCount(day.customersMissing)} missing`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
