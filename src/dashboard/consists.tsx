import { useMemo, useState } from 'preact/hooks';
import { address } from './address.ts';
import type { DailyItem, Series, SubscriptionItem } from './api.ts';
import { AzureSubscriptionDays } from './azureSubscriptionDays.tsx';
import { CausesSection } from './causesTable.tsx';
import { ChangeTreeSection } from './changeTreeSection.tsx';
import { ResourcesSection } from './resources.tsx';

/** What a customer's cost consists of, asked for when somebody opens it; left out on paper. */
export function Consists({
  customerId,
  series,
  subscriptions,
}: {
  customerId: string;
  series: readonly Series<DailyItem>[];
  subscriptions: readonly SubscriptionItem[];
}) {
  const { against, by, search } = address.value;
  const [isOpen, setIsOpen] = useState(against !== '' || by !== '' || search !== '');
  const currency = series.findLast((each) => each.currency !== null)?.currency;
  const days = useMemo(
    () => series.flatMap((each) => (each.currency === currency ? each.items : [])),
    [series, currency],
  );
  return (
    <section class="box screen">
      <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>
          <h2>What it consists of</h2>
        </summary>
        {isOpen && (
          <>
            <CausesSection customerId={customerId} />
            {currency && (
              <AzureSubscriptionDays customerId={customerId} days={days} currency={currency} />
            )}
            <ChangeTreeSection customerId={customerId} subscriptions={subscriptions} />
            <ResourcesSection customerId={customerId} />
          </>
        )}
      </details>
    </section>
  );
}
