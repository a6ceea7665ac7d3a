import { AlertsSection, AnomaliesSection } from './alerts.tsx';
import { MoversSection } from './movers.tsx';
import { Nights } from './nights.tsx';
import { RankingSection } from './ranking.tsx';
import { Totals } from './totals.tsx';

/** Whether the nights are whole, what is spent, by whom, and what is unusual. */
export function Overview() {
  return (
    <>
      <Nights />
      <Totals />
      <RankingSection />
      <div class="columns">
        <MoversSection />
        <AlertsSection />
        <AnomaliesSection />
      </div>
    </>
  );
}
