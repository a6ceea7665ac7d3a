import type { HistoryContext } from '../history/historyContext.ts';
import { budgetAlertsRoute } from '../http/budgetAlertsRoute.ts';
import { customersRoute } from '../http/customersRoute.ts';
import { customerHistoryRoute } from '../http/historyRoutes.ts';
import { totalsRoute } from '../http/totalsRoute.ts';
import type { Simulator } from '../simulator/simulator.ts';
import type { EventFields } from '../telemetry/eventLog.ts';
import { describeAlerts } from './alerts.ts';
import { describeHistory } from './history.ts';
import { formatTable } from './terminal.ts';
import { describeRanking } from './top.ts';
import { describeTotals } from './totals.ts';

/** Customers, alerts and anomalies shown. */
const shown = 8;

export function describeFaults({ statistics }: Simulator): string {
  return formatTable(['faults put in the way', 'times'], Object.entries(statistics.faults), [
    'times',
  ]);
}

/** Ranking and totals of the last night, the last alerts, and the trend of one customer. */
export async function describeNights(
  context: HistoryContext,
  customerId: string,
  date: string,
): Promise<string> {
  const format = 'json';
  const ranking = await customersRoute.handle({ top: shown, format }, context);
  const totals = await totalsRoute.handle({ from: date, to: date, format }, context);
  const alerts = await budgetAlertsRoute.handle({ to: date, format }, context);
  const history = await customerHistoryRoute.handle({ customerId, format }, context);
  return [
    describeRanking(ranking),
    describeTotals(totals),
    describeAlerts(Array.from(alerts.rows()).slice(-shown)),
    describeHistory(history, 'day', 'chart'),
  ].join('\n\n');
}

export function describeAnomalies(anomalies: readonly EventFields[]): string {
  return formatTable(
    ['anomaly on', 'customer', 'currency', 'daily cost', 'expected'],
    anomalies
      .slice(-shown)
      .map(({ snapshotDate, customerName, currency, dailyCost, expectedCost }) => [
        snapshotDate,
        customerName,
        currency,
        Number(dailyCost).toFixed(2),
        Number(expectedCost).toFixed(2),
      ]),
    ['daily cost', 'expected'],
  );
}
