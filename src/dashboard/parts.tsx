import { type Address, linkToView } from './address.ts';
import type { Amount, Outcome } from './api.ts';
import { formatAmount, formatExactly, none } from './format.ts';

/** An amount as its currency is rounded; all its digits on hover. */
export function Money({
  amount,
  currency,
  isChange = false,
}: {
  amount: Amount | null;
  currency: string | null;
  isChange?: boolean;
}) {
  if (amount === null) return <span class="none">{none}</span>;
  const digits = `${formatExactly(amount)} ${currency ?? ''}`.trim();
  return (
    <span class="amount" title={digits}>
      {formatAmount(amount, currency, { isChange })}
    </span>
  );
}

/** An amount as a cell of a table. */
export function MoneyCell(shown: Parameters<typeof Money>[0]) {
  return (
    <td class="number">
      <Money {...shown} />
    </td>
  );
}

/** The head of a table: its columns, and what each holds. */
export function Head({ columns }: { columns: Readonly<Record<string, 'text' | 'number'>> }) {
  return (
    <thead>
      <tr>
        {Object.entries(columns).map(([heading, kind]) => (
          <th key={heading} scope="col" {...(kind === 'number' && { class: kind })}>
            {heading}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** An amount with its currency. */
export function MoneyIn(shown: {
  amount: Amount | null;
  currency: string | null;
  isChange?: boolean;
}) {
  return (
    <>
      <Money {...shown} /> {shown.amount !== null && <small>{shown.currency}</small>}
    </>
  );
}

export function CustomerLink({
  customerId,
  customerName,
  onFocus,
}: {
  customerId: string;
  customerName: string;
  onFocus?: () => void;
}) {
  const to: Partial<Address> = { view: 'customer', customerId };
  return (
    <a href={linkToView(to)} title={customerName} {...(onFocus && { onFocus })}>
      <bdi>{customerName || customerId}</bdi>
    </a>
  );
}

export const planNames = { azurePlan: 'Azure plan', payAsYouGo: 'pay as you go' };

export const outcomeWords: Record<Outcome | 'missing', string> = {
  usage: 'usage',
  noUsage: 'no usage',
  refused: 'refused',
  failed: 'failed',
  missing: 'missed',
};

/** How much of the budget is used, as a bar and in words. */
export function Percent({ value, text }: { value: Amount | null; text: string }) {
  if (value === null) return <span class="none">{none}</span>;
  const used = Math.min(100, Math.max(0, Number(value)));
  return (
    <span class={`percent${Number(value) >= 100 ? ' over' : ''}`}>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="all" width="100" height="4" />
        <rect class="used" width={used} height="4" />
      </svg>
      {text}
    </span>
  );
}

/** Choices of which one is taken. */
export function Choice<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: Readonly<Record<Value, string>>;
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <label class="choice">
      <span class="hidden">{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {Object.entries<string>(options).map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
