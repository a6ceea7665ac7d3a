import type { HistoryContext } from '../history/historyContext.ts';
import { anomaliesRoute } from '../http/anomaliesRoute.ts';
import { budgetAlertsRoute } from '../http/budgetAlertsRoute.ts';
import { customersRoute } from '../http/customersRoute.ts';
import { customerHistoryRoute } from '../http/historyRoutes.ts';
import { moversRoute } from '../http/moversRoute.ts';
import { totalsRoute } from '../http/totalsRoute.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { describeAlerts } from './alerts.ts';
import { describeAnomalies } from './anomalies.ts';
import { describeHistory } from './history.ts';
import { describeMovers } from './movers.ts';
import { formatCounts } from './table.ts';
import { describeRanking } from './top.ts';
import { describeTotals } from './totals.ts';

/** Customers, alerts, movers and anomalies shown. */
const shown = 8;

export function describeFaults({ statistics }: Simulator): string {
  return formatCounts(['faults put in the way', 'times'], Object.entries(statistics.faults));
}

/**
 * Ranking, movers and totals of the last night, the last alerts and anomalies, and the trend of the
 * customer with the latest anomaly.
 *
 * @param customerId whose trend is shown where there is no anomaly
 */
export async function describeNights(
  context: HistoryContext,
  customerId: string,
  date: string,
): Promise<string> {
  const format = 'json';
  const ranking = await customersRoute.handle({ top: shown, format }, context);
  const movers = await moversRoute.handle({ date, against: 'week', top: shown, format }, context);
  const totals = await totalsRoute.handle({ from: date, to: date, format }, context);
  const alerts = await budgetAlertsRoute.handle({ to: date, format }, context);
  const anomalies = Array.from((await anomaliesRoute.handle({ format }, context)).rows());
  const trend = { customerId: String(anomalies[0]?.['customerId'] ?? customerId), format } as const;
  const history = await customerHistoryRoute.handle(trend, context);
  return [
    describeRanking(ranking),
    describeMovers(movers),
    await describeTotals(totals, context),
    describeAlerts(Array.from(alerts.rows()).slice(-shown)),
    describeHistory(history, 'day', 'chart'),
    describeAnomalies(anomalies.slice(0, shown)),
  ].join('\n\n');
}
