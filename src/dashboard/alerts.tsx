import { type ComponentChildren, Fragment } from 'preact';
import { address } from './address.ts';
import type { AnomalyItem, BudgetAlertItem, List } from './api.ts';
import { CsvButton } from './csvButton.tsx';
import { today } from './dates.ts';
import { formatCount, formatPercent, formatShortDate } from './format.ts';
import { PaperRows } from './paper.tsx';
import { CustomerLink, Head, MoneyIn } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { Unfold } from './unfold.tsx';
import { useAnswer } from './useAnswer.ts';

const shown = 8;
const linesOnPaper = 5;

/** Thresholds of budgets that were crossed in billing periods which are not over. */
export function AlertsSection() {
  const { from, to, currency } = address.value;
  const query = { from, to, currency };
  const asked = useAnswer<List<BudgetAlertItem>>(pathOf('budget-alerts', query));
  return (
    <Section
      title="Open alerts"
      note="Thresholds crossed in billing periods that still run."
      tools={<CsvButton route="budget-alerts" query={query} of="all alerts of these days" />}
    >
      <Await
        asked={asked}
        isEmpty={({ items }) => openOf(items).length === 0}
        empty="No threshold of a budget is crossed."
      >
        {({ items }) => {
          const open = openOf(items);
          return (
            <>
              <AlertsTable items={open.slice(0, shown)} />
              <More count={open.length - shown}>
                {() => <AlertsTable items={open.slice(shown)} />}
              </More>
            </>
          );
        }}
      </Await>
    </Section>
  );
}

/** The newest first; of a customer and kind only the latest, which is the highest. */
function openOf(items: readonly BudgetAlertItem[]): BudgetAlertItem[] {
  const now = today();
  const open = items.filter(({ billingPeriodEnd }) => billingPeriodEnd > now);
  const latest = new Map(open.map((item) => [`${item.customerId} ${item.kind}`, item]));
  return [...latest.values()].toSorted((a, b) => (a.snapshotDate < b.snapshotDate ? 1 : -1));
}

export function AlertsTable({
  items,
  isOfOne = false,
}: {
  items: readonly BudgetAlertItem[];
  isOfOne?: boolean;
}) {
  return (
    <table>
      <Head
        columns={{
          Day: 'text',
          ...(!isOfOne && { Customer: 'text' }),
          Crossed: 'text',
          Budget: 'number',
        }}
      />
      <PaperRows
        items={items}
        most={linesOnPaper}
        row={(item) => (
          <Fragment key={item.alertId}>
            <tr>
              <td>{formatShortDate(item.snapshotDate)}</td>
              {!isOfOne && (
                <th scope="row" class="name">
                  <CustomerLink {...item} />
                </th>
              )}
              <td>
                {formatCount(item.threshold)} %{item.kind === 'forecast' && ' by forecast'} (
                {formatPercent(Number(item.percentUsed))})
              </td>
              <td class="number">
                <MoneyIn amount={item.budgetAmount} currency={item.currency} />
              </td>
            </tr>
            {isOfOne && <Causes causes={item.causes} columns={3} />}
          </Fragment>
        )}
      />
    </table>
  );
}

/** Days of unexpected cost. */
export function AnomaliesSection() {
  const { from, to, currency } = address.value;
  const asked = useAnswer<List<AnomalyItem>>(pathOf('anomalies', { from, to, currency }));
  return (
    <Section title="Anomalies" note="Days that cost other than expected.">
      <Await asked={asked} isEmpty={({ items }) => items.length === 0} empty="Nothing unusual.">
        {({ items, continuation }) => (
          <>
            <AnomaliesTable items={items.slice(0, shown)} />
            <More count={items.length - shown}>
              {() => (
                <>
                  <AnomaliesTable items={items.slice(shown)} />
                  {continuation && <p class="note">Older ones come with an earlier last day.</p>}
                </>
              )}
            </More>
          </>
        )}
      </Await>
    </Section>
  );
}

export function AnomaliesTable({
  items,
  isOfOne = false,
}: {
  items: readonly AnomalyItem[];
  isOfOne?: boolean;
}) {
  return (
    <table>
      <Head
        columns={{
          Day: 'text',
          ...(!isOfOne && { Customer: 'text' }),
          Cost: 'number',
          Expected: 'number',
        }}
      />
      <PaperRows
        items={items}
        most={linesOnPaper}
        row={(item) => (
          <Fragment key={`${item.date} ${item.customerId}`}>
            <tr>
              <td>{formatShortDate(item.date)}</td>
              {!isOfOne && (
                <th scope="row" class="name">
                  <CustomerLink {...item} />
                </th>
              )}
              <td class="number">
                <MoneyIn amount={item.dailyCost} currency={item.currency} />
              </td>
              <td class="number">
                <MoneyIn amount={item.expectedCost} currency={item.currency} />
              </td>
            </tr>
            <Causes causes={item.causes} columns={isOfOne ? 3 : 4} />
          </Fragment>
        )}
      />
    </table>
  );
}

/** What caused the cost of the day above. */
function Causes({ causes, columns }: { causes: string | null; columns: number }) {
  return causes === null ? null : (
    <tr class="screen">
      <td class="reason" colSpan={columns}>
        <bdi>{causes}</bdi>
      </td>
    </tr>
  );
}

function More({ count, children }: { count: number; children: () => ComponentChildren }) {
  return count > 0 ? <Unfold summary={`${formatCount(count)} more`}>{children}</Unfold> : null;
}
