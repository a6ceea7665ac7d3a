import { useState } from 'preact/hooks';
import { AlertsSection, AnomaliesSection } from './alerts.tsx';
import { MoversSection } from './movers.tsx';
import { Nights } from './nights.tsx';
import { RankingSection } from './ranking.tsx';
import { Loading } from './states.tsx';
import { Totals } from './totals.tsx';

/** Whether the nights are whole, what is spent, by whom, and what is unusual. */
export function Overview() {
  // The app has one processor core, and these read whole days as well.
  const [isRanked, setRanked] = useState(false);
  return (
    <>
      <Nights />
      <Totals />
      <RankingSection onAnswer={() => setRanked(true)} />
      {isRanked ? (
        <div class="columns">
          <MoversSection />
          <AlertsSection />
          <AnomaliesSection />
        </div>
      ) : (
        <Loading />
      )}
    </>
  );
}
