import Big from 'big.js';
import { formatChangePercent, formatRange, plural } from './format.ts';
import type { MonthSoFar } from './months.ts';
import { Money } from './parts.tsx';

/** This month against the last one to the same day, and what either lacks. */
export function MonthsSoFar({
  now,
  before,
  currency,
  firstNight = '',
}: {
  now: MonthSoFar;
  before: MonthSoFar;
  currency: string;
  firstNight?: string | undefined;
}) {
  const months = [now, before];
  // The first night has what earlier days cost, too.
  const isFirstIn = ({ from, to }: MonthSoFar) => from <= firstNight && firstNight <= to;
  const change = months.some(isFirstIn) ? '' : changeOf(now, before);
  return (
    <>
      <dl class="figures months">
        {months.map((month) => (
          <div key={month.from}>
            <dt>{formatRange(month.from, month.to)}</dt>
            <dd>
              <Money amount={month.cost} currency={currency} />
              {month === now && change && <small> {change}</small>}
            </dd>
          </div>
        ))}
      </dl>
      {months.map((month) => (
        <Missing key={month.from} month={month} />
      ))}
    </>
  );
}

function Missing({ month: { from, to, days, daysRecorded } }: { month: MonthSoFar }) {
  if (daysRecorded === days) return null;
  return (
    <p class="note">
      {formatRange(from, to)}: {daysRecorded} of {plural(days, 'day')} recorded
    </p>
  );
}

function changeOf({ cost: now }: MonthSoFar, { cost: before }: MonthSoFar): string {
  if (now === null || before === null || new Big(before).lte(0)) return '';
  const percent = new Big(now).minus(before).div(before).times(100).toNumber();
  return `${percent > 0 ? '▲' : '▼'} ${formatChangePercent(percent)}`;
}
