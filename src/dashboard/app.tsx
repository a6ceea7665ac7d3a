import { useEffect, useRef } from 'preact/hooks';
import { Access } from './access.tsx';
import { address, go, latestDate, linkTo, linkToView } from './address.ts';
import { CustomerView } from './customer.tsx';
import { addDays, today } from './dates.ts';
import { Keys } from './keys.tsx';
import { isOnline } from './online.ts';
import { Overview } from './overview.tsx';
import { Choice } from './parts.tsx';
import { Runs } from './runs.tsx';
import { barrier, forgetKey, hasKey, userName } from './session.ts';
import { currencies } from './totals.tsx';

export function App() {
  const { view, customerId } = address.value;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [view, customerId]);
  const isOpen = barrier.value === 'none';
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        To the figures
      </button>
      <Header />
      {!isOnline.value && (
        <p class="banner" role="status">
          Offline: what is shown may be of before.
        </p>
      )}
      <main ref={main} id="main" tabIndex={-1}>
        {!isOpen && <Access />}
        {isOpen && view === 'overview' && <Overview />}
        {isOpen && view === 'runs' && <Runs />}
        {isOpen && view === 'customer' && <CustomerView key={customerId} customerId={customerId} />}
      </main>
      <Keys />
    </>
  );
}

function Header() {
  const { view } = address.value;
  const current = (name: string) => (view === name ? { 'aria-current': 'page' as const } : {});
  return (
    <header>
      <h1>
        <a href={linkToView({ view: 'overview' })}>Azure usage</a>
      </h1>
      <nav aria-label="Views">
        <a href={linkToView({ view: 'overview' })} {...current('overview')}>
          Overview
        </a>
        <a href={linkToView({ view: 'runs' })} {...current('runs')}>
          Runs
        </a>
      </nav>
      <Filters />
      <User />
    </header>
  );
}

const defaultDays = 30;

function Filters() {
  const { view, from, to, currency } = address.value;
  const known = [...new Set([...currencies.value, ...(currency ? [currency] : [])])].toSorted();
  // As the app does by default.
  const lastDay = to || (view === 'runs' ? today() : latestDate.value);
  const firstDay = from || (lastDay && addDays(lastDay, 1 - defaultDays));
  const options = Object.fromEntries(known.map((name) => [name, name]));
  return (
    <div class="filters">
      <DateField label="From" value={firstDay} onChange={(value) => go({ from: value })} />
      <span aria-hidden="true">–</span>
      <DateField label="To" value={lastDay} onChange={(value) => go({ to: value })} />
      {(from || to) && (
        <a class="button" href={linkTo({ from: '', to: '' })}>
          Last {defaultDays} days
        </a>
      )}
      {view === 'overview' && (
        <Choice
          label="Currency"
          options={{ '': 'All currencies', ...options }}
          value={currency}
          onChange={(value) => go({ currency: value })}
        />
      )}
    </div>
  );
}

function DateField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label>
      <span class="hidden">{label}</span>
      <input
        type="date"
        min="2000-01-01"
        max="2999-12-31"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

const signOutAddress = `/.auth/logout?post_logout_redirect_uri=${encodeURIComponent(location.pathname)}`;

function User() {
  return (
    <div class="user">
      {userName.value && (
        <>
          <bdi>{userName.value}</bdi> <a href={signOutAddress}>Sign out</a>
        </>
      )}
      {hasKey.value && (
        <button type="button" onClick={forgetKey}>
          Forget the key
        </button>
      )}
    </div>
  );
}
