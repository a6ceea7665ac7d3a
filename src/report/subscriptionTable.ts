import Big from 'big.js';
import type { ReportedAzureSubscription } from '../history/reportedAzureSubscriptions.ts';
import {
  type ReportedPeriod,
  type ReportedSubscription,
  sumCosts,
} from '../history/reportedPeriod.ts';
import { type Amount, parseAmount, toAmount } from '../usage/amount.ts';
import type { AmountFormat } from './amountFormat.ts';
import { type Html, html } from './html.ts';

/** Lines of the table between its head and the sums at its end, so that the page stays one. */
const maxLines = 15;
const nothing = parseAmount('0');

type Part = ReportedSubscription | ReportedAzureSubscription;

/** The largest subscriptions and plans, each with its largest Azure subscriptions; then the others. */
export function renderSubscriptions(reported: ReportedPeriod, format: AmountFormat): Html {
  const { subscriptions, totalCost, currency } = reported;
  const shown = chooseLargest(subscriptions, format);
  const others = subscriptions.filter((line) => !shown.has(line));
  return html`<h2>Subscriptions and plans</h2>
<table class="lines"><thead><tr><th scope="col">Name</th><th scope="col" class="date">Last figures</th><th scope="col" class="number">Cost, ${currency}</th></tr></thead>
<tbody>${[...shown.values()].flat()}
${renderOthers(others, format)}
${renderRest('not in these lines', { totalCost, parts: subscriptions }, format)}</tbody>
<tfoot><tr><th scope="row">Total</th><td class="date"></td><td class="number">${format(totalCost)}</td></tr></tfoot></table>`;
}

/** The lines of each subscription or plan that has a place on the page. */
function chooseLargest(
  subscriptions: readonly ReportedSubscription[],
  format: AmountFormat,
): Map<ReportedSubscription, Html[]> {
  const all = [...subscriptions, ...subscriptions.flatMap((plan) => plan.azureSubscriptions)];
  const byCost = all.toSorted((one, other) => new Big(other.totalCost).cmp(one.totalCost));
  for (let count = maxLines; ; count--) {
    const largest = new Set<Part>(byCost.slice(0, count));
    const shown = new Map(
      subscriptions.flatMap((plan) => {
        const lines = renderPlan(plan, largest, format);
        return lines.length > 0 ? [[plan, lines]] : [];
      }),
    );
    if ([...shown.values()].flat().length <= maxLines) return shown;
  }
}

/** @returns none where neither the plan nor an Azure subscription of it is among the largest */
function renderPlan(
  plan: ReportedSubscription,
  largest: ReadonlySet<Part>,
  format: AmountFormat,
): Html[] {
  const { subscriptionId, subscriptionName, totalCost, azureSubscriptions: parts } = plan;
  const shown = parts.filter((part) => largest.has(part));
  if (shown.length === 0 && !largest.has(plan)) return [];
  const own = renderLine(
    { ...plan, id: subscriptionId, name: subscriptionName, kind: 'name' },
    format,
  );
  if (shown.length === 0) return [own];
  const others = parts.filter((part) => !largest.has(part));
  return [
    own,
    ...shown.map((part) => {
      const { azureSubscriptionId: id, azureSubscriptionName: name } = part;
      return renderLine({ ...part, id, name, kind: 'name below' }, format);
    }),
    ...renderOthers(others, format, 'name below'),
    ...renderRest('not by Azure subscription', { totalCost, parts }, format, 'name below'),
  ];
}

interface Line {
  id: string;
  name: string;
  totalCost: Amount;
  lastSnapshotDate: string;
  /** The class of its name. */
  kind: string;
}

function renderLine(
  { id, name, kind, lastSnapshotDate, totalCost }: Line,
  format: AmountFormat,
): Html {
  return html`<tr><td class="${kind}" title="${id}"><bdi>${name}</bdi></td><td class="date">${lastSnapshotDate}</td><td class="number">${format(totalCost)}</td></tr>
`;
}

function renderOthers(others: readonly Part[], format: AmountFormat, kind = 'name'): Html[] {
  if (others.length === 0) return [];
  return [renderSum(`others (${others.length})`, format(sumCosts(others)), kind)];
}

/** What the parts leave of a total, where the page's digits show it. */
function renderRest(
  name: string,
  { totalCost, parts }: { totalCost: Amount; parts: readonly Part[] },
  format: AmountFormat,
  kind = 'name',
): Html[] {
  const rest = format(toAmount(new Big(totalCost).minus(sumCosts(parts))));
  return rest === format(nothing) ? [] : [renderSum(name, rest, kind)];
}

function renderSum(name: string, cost: string, kind: string): Html {
  return html`<tr class="rest"><td class="${kind}">${name}</td><td class="date"></td><td class="number">${cost}</td></tr>
`;
}
