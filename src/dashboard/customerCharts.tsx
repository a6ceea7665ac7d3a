import { useMemo } from 'preact/hooks';
import type { Amount, BudgetAlertItem, DailyItem } from './api.ts';
import { formatAmount, formatDate, formatPercent, none } from './format.ts';
import { Head, MoneyCell, outcomeWords } from './parts.tsx';
import { sharesOf } from './shares.ts';
import { type Plotted, TimeChart } from './timeChart.tsx';
import { Unfold } from './unfold.tsx';

interface Days {
  items: readonly DailyItem[];
  currency: string | null;
}

/** Daily cost, and the period so far against its budget; the table behind both. */
export function CustomerCharts({
  items,
  currency,
  alerts,
}: Days & { alerts: readonly BudgetAlertItem[] }) {
  const dates = useMemo(() => items.map(({ date }) => date), [items]);
  const daily = useMemo(() => dailySeries(items), [items]);
  const soFar = useMemo(() => periodSeries(items, alerts, currency), [items, alerts, currency]);
  return (
    <>
      <div class="pair">
        <figure>
          <figcaption>
            Daily cost <DailyLegend items={items} />
          </figcaption>
          <TimeChart
            label={`Daily cost in ${currency ?? 'no currency'}`}
            dates={dates}
            series={daily}
            describe={(index) => describeDay(items[index], currency)}
          />
        </figure>
        <figure>
          <figcaption>
            Period so far{' '}
            <span class="note">
              line: cost; dashes: budget and crossed thresholds; band: forecast
            </span>
          </figcaption>
          <TimeChart
            label={`Billing period so far in ${currency ?? 'no currency'}`}
            dates={dates}
            series={soFar}
            describe={(index) => describePeriod(items[index], currency)}
          />
        </figure>
      </div>
      <Unfold
        summary={
          <>
            Table<span class="hidden"> of the days</span>
          </>
        }
      >
        {() => <DaysTable items={items} currency={currency} />}
      </Unfold>
    </>
  );
}

const isGap = ({ outcome }: DailyItem) => !['usage', 'noUsage'].includes(outcome);
const numberOf = (amount: Amount | null) => (amount === null ? null : Number(amount));

function dailySeries(items: readonly DailyItem[]): Plotted[] {
  const whole = (wanted: (item: DailyItem) => boolean) =>
    items.map((item) => (wanted(item) ? numberOf(item.dailyCost) : null));
  const shares = sharesOf(items.filter(({ daysCovered }) => daysCovered > 1));
  const signs = (wanted: (item: DailyItem) => boolean, top: (item: DailyItem) => number) =>
    items.map((item) => (wanted(item) ? top(item) : null));
  return [
    { kind: 'bars', colour: 'accent', values: whole(({ daysCovered }) => daysCovered <= 1) },
    { kind: 'bars', colour: 'soft', values: items.map(({ date }) => shares.get(date) ?? null) },
    { kind: 'marks', sign: '×', colour: 'bad', values: signs(isGap, () => 0) },
    {
      kind: 'marks',
      sign: '○',
      colour: 'soft',
      values: signs(
        (item) => item.isStale,
        () => 0,
      ),
    },
    {
      kind: 'marks',
      sign: '▲',
      colour: 'warn',
      values: signs(
        ({ isAnomaly }) => isAnomaly,
        // As high as its bars.
        ({ dailyCost, daysCovered }) =>
          Math.max(0, Number(dailyCost ?? 0) / Math.max(1, daysCovered)),
      ),
    },
  ];
}

function DailyLegend({ items }: { items: readonly DailyItem[] }) {
  const signs = [
    items.some(({ daysCovered }) => daysCovered > 1) && 'grey: a cost of several days',
    items.some(isGap) && '× no figures',
    items.some(({ isStale }) => isStale) && '○ figures of before',
    items.some(({ isAnomaly }) => isAnomaly) && '▲ unusual',
  ].filter((sign) => sign !== false);
  return <span class="note">{signs.join('; ')}</span>;
}

function periodSeries(
  items: readonly DailyItem[],
  alerts: readonly BudgetAlertItem[],
  currency: string | null,
): Plotted[] {
  const crossed = alerts.filter(
    (alert) => alert.kind === 'actual' && alert.threshold < 100 && alert.currency === currency,
  );
  const thresholds = [...new Set(crossed.map(({ threshold }) => threshold))];
  const ofBudget = (percent: number) =>
    items.map(({ budgetAmount }) =>
      budgetAmount === null ? null : (Number(budgetAmount) * percent) / 100,
    );
  return [
    { kind: 'band', colour: 'soft', values: items.map((item) => numberOf(item.forecastHigh)) },
    { kind: 'band', colour: 'soft', values: items.map((item) => numberOf(item.forecastLow)) },
    ...thresholds.map(
      (threshold): Plotted => ({
        kind: 'dashes',
        colour: 'line',
        values: ofBudget(threshold),
      }),
    ),
    { kind: 'dashes', colour: 'bad', values: ofBudget(100) },
    { kind: 'line', colour: 'accent', values: items.map((item) => numberOf(item.totalCost)) },
  ];
}

/** What there is to say of a day, beside its cost. */
function remarksOf(day: DailyItem): string[] {
  const { outcome, isStale, isAnomaly, daysCovered } = day;
  return [
    isGap(day) &&
      {
        missing: 'no run recorded this day',
        refused: 'Partner Center refused this customer',
        failed: 'the figures could not be read',
        usage: '',
        noUsage: '',
      }[outcome],
    outcome === 'noUsage' && 'no usage',
    isStale && 'Partner Center still showed the figures of before',
    daysCovered > 1 && `cost of ${daysCovered} days`,
    isAnomaly && 'unusual: other than expected',
  ].filter((remark) => remark !== false);
}

function describeDay(day: DailyItem | undefined, currency: string | null): string {
  if (!day) return '';
  const cost =
    day.dailyCost === null ? none : `${formatAmount(day.dailyCost, currency)} ${currency}`;
  return [`${formatDate(day.date)}: ${cost}`, ...remarksOf(day)].join(', ');
}

function describePeriod(day: DailyItem | undefined, currency: string | null): string {
  if (!day) return '';
  const format = (amount: Amount | null) => `${formatAmount(amount, currency)} ${currency ?? ''}`;
  const { totalCost, percentUsed, budgetAmount, forecastTotalCost } = day;
  return [
    `${formatDate(day.date)}: ${totalCost === null ? outcomeWords[day.outcome] : format(totalCost)}`,
    percentUsed !== null && `${formatPercent(Number(percentUsed))} of ${format(budgetAmount)}`,
    forecastTotalCost !== null && `forecast ${format(forecastTotalCost)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function DaysTable({ items, currency }: Days) {
  return (
    <table>
      <Head
        columns={{
          Day: 'text',
          'Daily cost': 'number',
          'Period so far': 'number',
          Forecast: 'number',
          Remarks: 'text',
        }}
      />
      <tbody>
        {items.toReversed().map((day) => (
          <tr key={day.date}>
            <th scope="row">{formatDate(day.date)}</th>
            <MoneyCell amount={day.dailyCost} currency={currency} />
            <MoneyCell amount={day.totalCost} currency={currency} />
            <MoneyCell amount={day.forecastTotalCost} currency={currency} />
            <td>{remarksOf(day).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
