import { linkTo } from './address.ts';
import type { DailyItem, History, Ranking, RankingItem, RunItem } from './api.ts';
import { addDays } from './dates.ts';
import { plural } from './format.ts';
import { CustomerLink } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

const shown = 5;
/** Earlier days are not looked at: a customer fails at least as long. */
const daysLookedAt = 30;

/** The customers that failed in the latest run, and for how long they have. */
export function Failing({ runs }: { runs: readonly RunItem[] }) {
  const [last] = runs
    .filter(({ scope, status }) => scope === 'all' && status !== 'running')
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  if (!last || last.customersFailed === 0) return null;
  return <FailingOn date={last.snapshotDate} />;
}

function FailingOn({ date }: { date: string }) {
  const asked = useAnswer<Ranking>(
    pathOf('customers', { date, outcome: 'failed', top: String(shown + 1) }),
  );
  return (
    <Await
      asked={asked}
      isEmpty={({ items }) => items.length === 0}
      empty="No customer fails any more."
    >
      {({ items }) => (
        <>
          <ul class="failing">
            {items.slice(0, shown).map((item) => (
              <FailingCustomer key={item.customerId} item={item} date={date} />
            ))}
          </ul>
          {items.length > shown && (
            <p class="note">
              <a href={linkTo({ outcome: 'failed', to: date, search: '' })}>All that failed</a>
            </p>
          )}
        </>
      )}
    </Await>
  );
}

function FailingCustomer({ item, date }: { item: RankingItem; date: string }) {
  const from = addDays(date, 1 - daysLookedAt);
  const { data } = useAnswer<History<DailyItem>>(
    pathOf(`customers/${item.customerId}/history`, { from, to: date }),
  );
  const days = data && countFailedDays(data);
  const atLeast = days === daysLookedAt ? 'at least ' : '';
  return (
    <li>
      <b>Failed</b> <CustomerLink {...item} />{' '}
      {days !== undefined && `for ${atLeast}${plural(days, 'day')} `}
      <span class="reason">
        {item.errorCode} {item.errorMessage}
      </span>
    </li>
  );
}

/** Up to the last day, without a day between that did not fail. */
export function countFailedDays({ series }: History<DailyItem>): number {
  const days = series.flatMap(({ items }) => items).toSorted((a, b) => (a.date < b.date ? 1 : -1));
  const end = days.findIndex(({ outcome }) => outcome !== 'failed');
  return end === -1 ? days.length : end;
}
