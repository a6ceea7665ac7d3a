import { useMemo } from 'preact/hooks';
import { address } from './address.ts';
import type { AzureSubscriptions, DailyItem, History } from './api.ts';
import { azureSubscriptionNameOf } from './azureSubscriptionName.ts';
import { type CostPart, largestIds, splitDays, stack } from './costParts.ts';
import { formatAmount, formatDate, plural } from './format.ts';
import { Money, MoneyCell } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await } from './states.tsx';
import { type Plotted, TimeChart } from './timeChart.tsx';
import { useAnswer, useAnswers } from './useAnswer.ts';

const others = 'others, or not recorded';

interface Shown {
  customerId: string;
  /** Of the customer, in one currency. */
  days: readonly DailyItem[];
  currency: string;
}

/** The daily cost of the largest Azure subscriptions of a day. */
export function AzureSubscriptionDays({ customerId, days, currency }: Shown) {
  const date = address.value.to;
  const path = `customers/${customerId}/azure-subscriptions`;
  const asked = useAnswer<AzureSubscriptions>(pathOf(path, { date }));
  return (
    <section>
      <div class="head">
        <h3>Daily cost by Azure subscription</h3>
        {asked.data && (
          <p class="note">
            the largest of {formatDate(asked.data.date)}; in {currency}
          </p>
        )}
      </div>
      <Await
        asked={asked}
        isEmpty={({ items }) => largestIds(items, currency).length === 0}
        empty="None recorded on that day."
      >
        {({ items }) => (
          <Largest path={path} ids={largestIds(items, currency)} days={days} currency={currency} />
        )}
      </Await>
    </section>
  );
}

type AzureSubscriptionHistory = History<DailyItem> & {
  azureSubscriptionId: string;
  azureSubscriptionName?: string;
};

function Largest({
  path,
  ids,
  days,
  currency,
}: Omit<Shown, 'customerId'> & { path: string; ids: readonly string[] }) {
  const [from = '', to = ''] = [days[0]?.date, days.at(-1)?.date];
  const asked = useAnswers<AzureSubscriptionHistory>(
    ids.map((id) => pathOf(`${path}/${id}/history`, { from, to })),
  );
  return (
    <Await asked={asked}>
      {(histories) => <StackedDays histories={histories} days={days} currency={currency} />}
    </Await>
  );
}

interface NamedPart extends CostPart {
  name: string;
  colour: Plotted['colour'];
}

const colours = ['part1', 'part2', 'part3', 'part4', 'part5', 'part6'] as const;

function nameParts(
  histories: readonly AzureSubscriptionHistory[],
  { days, currency }: Omit<Shown, 'customerId'>,
): NamedPart[] {
  const series = histories.map((history) =>
    history.series.flatMap((each) => (each.currency === currency ? each.items : [])),
  );
  const parts = splitDays(days, series);
  const names = histories.map((history) => azureSubscriptionNameOf(history) ?? '');
  return parts.map((part, index) => {
    const history = histories[index];
    const name = history ? uniqueName(names, index, history.azureSubscriptionId) : others;
    return { ...part, name, colour: colours[index] && history ? colours[index] : 'soft' };
  });
}

/** Two may have the same name. */
function uniqueName(names: readonly string[], index: number, id: string): string {
  const name = names[index] ?? '';
  return names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${id.slice(0, 8)})`;
}

function StackedDays({
  histories,
  days,
  currency,
}: Omit<Shown, 'customerId'> & { histories: readonly AzureSubscriptionHistory[] }) {
  const parts = useMemo(
    () => nameParts(histories, { days, currency }),
    [histories, days, currency],
  );
  const dates = useMemo(() => days.map(({ date }) => date), [days]);
  const series = useMemo(() => {
    const ends = stack(parts.map(({ shares }) => shares));
    // The first part is drawn last: a bar begins at zero and is covered by those before it.
    return parts
      .map(({ colour }, index): Plotted => ({ kind: 'parts', colour, values: ends[index] ?? [] }))
      .toReversed();
  }, [parts]);
  const describe = (index: number) => {
    const { date = '', dailyCost = null } = days[index] ?? {};
    const costs = parts.flatMap(({ name, costs }) => {
      const cost = costs[index]?.dailyCost ?? null;
      return cost === null ? [] : `${name} ${formatAmount(cost, currency)}`;
    });
    const whole = `${formatDate(date)}: ${formatAmount(dailyCost, currency)} ${currency}`;
    return [whole, ...costs].join(', ');
  };
  return (
    <>
      <ul class="legend">
        {parts.map(({ name, colour }) => (
          <li key={colour}>
            <span class={`swatch ${colour}`} aria-hidden="true" />
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
      <TimeChart
        label={`Daily cost by Azure subscription in ${currency}`}
        dates={dates}
        series={series}
        describe={describe}
      />
      <details>
        <summary>
          Table<span class="hidden"> of Azure subscriptions</span>
        </summary>
        <PartsTable parts={parts} days={days} currency={currency} />
      </details>
    </>
  );
}

function PartsTable({
  parts,
  days,
  currency,
}: Omit<Shown, 'customerId'> & { parts: readonly NamedPart[] }) {
  return (
    <table class="parts">
      <thead>
        <tr>
          <th scope="col">Day</th>
          {parts.map(({ name, colour }) => (
            <th key={colour} scope="col" class="number" title={name}>
              <bdi>{name}</bdi>
            </th>
          ))}
          <th scope="col" class="number">
            Together
          </th>
        </tr>
      </thead>
      <tbody>
        {days
          .map((day, index) => (
            <tr key={day.date}>
              <th scope="row">{formatDate(day.date)}</th>
              {parts.map(({ colour, costs }) => (
                <td key={colour} class="number">
                  <CostCell cost={costs[index]} currency={currency} />
                </td>
              ))}
              <MoneyCell amount={day.dailyCost} currency={currency} />
            </tr>
          ))
          .toReversed()}
      </tbody>
    </table>
  );
}

function CostCell({
  cost,
  currency,
}: {
  cost: CostPart['costs'][number] | undefined;
  currency: string;
}) {
  const { dailyCost = null, daysCovered = 1 } = cost ?? {};
  return (
    <>
      {daysCovered > 1 && dailyCost !== null && <small>{plural(daysCovered, 'day')} </small>}
      <Money amount={dailyCost} currency={currency} />
    </>
  );
}
