import { signal } from '@preact/signals';

/**
 * What the page shows, as the fragment of its URL: it is in the history of the browser and can be
 * sent to others, but no request and so no log has it.
 */
export interface Address {
  view: 'overview' | 'runs' | 'customer';
  /** Of the view `customer`. */
  customerId: string;
  from: string;
  to: string;
  currency: string;
  search: string;
  orderBy: string;
  outcome: string;
  plan: string;
  against: string;
  by: string;
}

const patterns = {
  from: /^2\d{3}-\d\d-\d\d$/,
  to: /^2\d{3}-\d\d-\d\d$/,
  currency: /^[A-Z]{3}$/,
  search: /^.{1,100}$/u,
  orderBy: /^(totalCost|percentUsed|dailyCost|change)$/,
  outcome: /^(usage|noUsage|refused|failed)$/,
  plan: /^(azurePlan|payAsYouGo)$/,
  against: /^(day|week|period)$/,
  by: /^(azureSubscription|resourceGroup|resource|type)$/,
} as const;
type Term = keyof typeof patterns;
const terms = Object.keys(patterns) as Term[];

const customerPath = /^#\/customers\/([0-9a-f-]{36})$/;

function read(): Address {
  const [path = '', query] = location.hash.split('?');
  const customerId = customerPath.exec(path)?.[1] ?? '';
  const given = new URLSearchParams(query);
  const readTerm = (term: Term) => {
    const value = given.get(term) ?? '';
    return patterns[term].test(value) ? value : '';
  };
  const values = Object.fromEntries(terms.map((term) => [term, readTerm(term)]));
  const view = customerId !== '' ? 'customer' : path === '#/runs' ? 'runs' : 'overview';
  return { view, customerId, ...values } as Address;
}

export const address = signal(read());

/** The latest recorded day, up to which the lists go by default; empty until one is known. */
export const latestDate = signal('');

/** A link to what is shown, but for these parts. */
export function linkTo(change: Partial<Address>): string {
  const next = { ...address.value, ...change };
  const given = terms.flatMap((term) => (next[term] === '' ? [] : [[term, next[term]]]));
  const path = { overview: '', runs: 'runs', customer: `customers/${next.customerId}` }[next.view];
  return `#/${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`;
}

/** A link to another view: what is chosen in the lists of this one stays behind. */
export function linkToView(change: Partial<Address>): string {
  const chosen = { search: '', orderBy: '', outcome: '', plan: '', against: '', by: '' };
  return linkTo({ ...chosen, ...change });
}

/** Changes parts of the address; a step of typing replaces the one before. */
export function go(change: Partial<Address>, { isReplacing = false } = {}): void {
  const link = linkTo(change);
  if (isReplacing) history.replaceState(null, '', link);
  else history.pushState(null, '', link);
  address.value = read();
}

// Links and the buttons of the browser.
window.addEventListener('popstate', () => {
  address.value = read();
});
