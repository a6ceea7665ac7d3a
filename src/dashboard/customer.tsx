import { useEffect } from 'preact/hooks';
import { address, latestDate, linkToView } from './address.ts';
import { AlertsTable, AnomaliesTable } from './alerts.tsx';
import type {
  AnomalyItem,
  BudgetAlertItem,
  DailyItem,
  History,
  List,
  PeriodItem,
  Series,
  SubscriptionItem,
  Subscriptions,
} from './api.ts';
import { AsReceived } from './asReceived.tsx';
import { Consists } from './consists.tsx';
import { CsvButton } from './csvButton.tsx';
import { CustomerCharts } from './customerCharts.tsx';
import { SubscriptionsSection } from './customerSubscriptions.tsx';
import { addDays, today } from './dates.ts';
import { formatDate, formatPercent } from './format.ts';
import { PaperRows } from './paper.tsx';
import { Head, Money, MoneyIn, outcomeWords, planNames } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

const noItems: readonly SubscriptionItem[] = [];

/** One customer: what it costs, day by day and against its budget. Prints to an A4 page. */
export function CustomerView({ customerId }: { customerId: string }) {
  const { from, to } = address.value;
  const path = `customers/${customerId}/history`;
  const days = useAnswer<History<DailyItem>>(pathOf(path, { from, to }));
  const alerts = useAnswer<List<BudgetAlertItem>>(
    pathOf('budget-alerts', { from, to, customerId }),
  );
  const subscriptions = useAnswer<Subscriptions>(
    pathOf(`customers/${customerId}/subscriptions`, { date: to }),
  );
  const name = days.data?.customerName;
  const lastDay = days.data?.series.at(-1)?.items.at(-1)?.date;
  useEffect(() => {
    if (lastDay && to === '' && lastDay > latestDate.value) latestDate.value = lastDay;
  }, [lastDay, to]);
  useEffect(() => {
    document.title = name ? `${name}: Azure usage` : 'Azure usage';
    return () => {
      document.title = 'Azure usage';
    };
  }, [name]);
  return (
    <>
      <div class="who">
        <p class="note">
          <a href={linkToView({ view: 'overview', customerId: '' })}>All customers</a>
        </p>
        <h2>
          <bdi>{name ?? customerId}</bdi>
        </h2>
        <div class="head">
          <p class="note">{customerId}</p>
          <div class="tools">
            <CsvButton route={path} query={{ from, to }} of="these days" />
          </div>
        </div>
      </div>
      <Await
        asked={days}
        isEmpty={({ series }) => series.length === 0}
        empty="Nothing was recorded in these days."
      >
        {({ series }) =>
          series.map((each) => (
            <CustomerSeries
              key={`${each.currency} ${each.plan} ${each.items[0]?.date}`}
              series={each}
              alerts={alerts.data?.items ?? []}
            />
          ))
        }
      </Await>
      {days.data && (
        <Consists
          customerId={customerId}
          series={days.data.series}
          subscriptions={subscriptions.data?.items ?? noItems}
        />
      )}
      <div class="columns">
        <Periods path={path} />
        <SubscriptionsSection asked={subscriptions} />
        <Section title="Alerts" note="Thresholds of the budget that were crossed.">
          <Await
            asked={alerts}
            isEmpty={({ items }) => items.length === 0}
            empty="None in these days."
          >
            {({ items }) => <AlertsTable items={items.toReversed()} isOfOne />}
          </Await>
        </Section>
        <Anomalies customerId={customerId} />
      </div>
      {subscriptions.data && (
        <AsReceived customerId={customerId} subscriptions={subscriptions.data} />
      )}
    </>
  );
}

function Anomalies({ customerId }: { customerId: string }) {
  const { from, to } = address.value;
  const asked = useAnswer<List<AnomalyItem>>(pathOf('anomalies', { from, to, customerId }));
  return (
    <Section title="Anomalies" note="Days that cost other than expected.">
      <Await asked={asked} isEmpty={({ items }) => items.length === 0} empty="Nothing unusual.">
        {({ items }) => <AnomaliesTable items={items} isOfOne />}
      </Await>
    </Section>
  );
}

function CustomerSeries({
  series,
  alerts,
}: {
  series: Series<DailyItem>;
  alerts: readonly BudgetAlertItem[];
}) {
  const { currency, plan, items } = series;
  const title = [currency, plan && planNames[plan]].filter(Boolean).join(', ') || 'No figures';
  return (
    <Section title={title}>
      <Summary items={items} currency={currency} />
      <CustomerCharts items={items} currency={currency} alerts={alerts} />
    </Section>
  );
}

/** The latest figures, and what is known of their billing period. */
function Summary({ items, currency }: { items: readonly DailyItem[]; currency: string | null }) {
  const last = items.findLast(({ totalCost }) => totalCost !== null);
  const latest = items.at(-1);
  if (!last || !latest) return null;
  const { billingPeriodStart: start, billingPeriodEnd: end, percentUsed } = last;
  return (
    <dl class="figures">
      <div>
        <dt>Period so far, {formatDate(last.date)}</dt>
        <dd class="figure">
          <Money amount={last.totalCost} currency={currency} /> <small>{currency}</small>
        </dd>
      </div>
      <div>
        <dt>Budget</dt>
        <dd>
          {last.budgetAmount === null ? (
            'none'
          ) : (
            <>
              <Money amount={last.budgetAmount} currency={currency} />{' '}
              <small>{percentUsed !== null && `${formatPercent(Number(percentUsed))} used`}</small>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Forecast of the period’s end</dt>
        <dd>
          <Money amount={last.forecastTotalCost} currency={currency} />{' '}
          {last.forecastLow !== null && (
            <small>
              <Money amount={last.forecastLow} currency={currency} /> to{' '}
              <Money amount={last.forecastHigh} currency={currency} />
            </small>
          )}
        </dd>
      </div>
      <div>
        <dt>Billing period</dt>
        <dd>
          {start && end ? `${formatDate(start)} to ${formatDate(addDays(end, -1))}` : 'unknown'}
        </dd>
      </div>
      {latest !== last && (
        <div>
          <dt>Last day</dt>
          <dd class="warn">
            {formatDate(latest.date)}: {outcomeWords[latest.outcome]}
          </dd>
        </div>
      )}
    </dl>
  );
}

const periodsOnPaper = 5;

function Periods({ path }: { path: string }) {
  const { from, to } = address.value;
  const asked = useAnswer<History<PeriodItem>>(pathOf(path, { from, to, interval: 'period' }));
  return (
    <Section title="Billing periods">
      <Await
        asked={asked}
        isEmpty={({ series }) => series.length === 0}
        empty="No period in these days."
      >
        {({ series }) => (
          <>
            <table>
              <Head
                columns={{ Period: 'text', Cost: 'number', 'Of budget': 'number', State: 'text' }}
              />
              <PaperRows
                items={series
                  .flatMap(({ currency, items }) => items.map((item) => ({ currency, item })))
                  .toReversed()}
                most={periodsOnPaper}
                row={({ currency, item }) => (
                  <PeriodRow
                    key={`${item.billingPeriodStart} ${currency} ${item.lastSnapshotDate}`}
                    currency={currency}
                    item={item}
                  />
                )}
              />
            </table>
            <p class="note">
              A closed period is never shown again by Partner Center: up to two of its days may be
              missing, so none is final.
            </p>
          </>
        )}
      </Await>
    </Section>
  );
}

function PeriodRow({ currency, item }: { currency: string | null; item: PeriodItem }) {
  const { billingPeriodStart, billingPeriodEnd, totalCost, percentUsed, lastSnapshotDate } = item;
  const isOpen = billingPeriodEnd > today();
  return (
    <tr>
      <th scope="row">
        {formatDate(billingPeriodStart)} to {formatDate(addDays(billingPeriodEnd, -1))}
      </th>
      <td class="number">
        <MoneyIn amount={totalCost} currency={currency} />
      </td>
      <td class="number">{percentUsed === null ? '–' : formatPercent(Number(percentUsed))}</td>
      <td>
        {isOpen ? 'running' : 'closed'}, figures of {formatDate(lastSnapshotDate)}
      </td>
    </tr>
  );
}
