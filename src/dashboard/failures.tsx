import { useState } from 'preact/hooks';
import { linkToView } from './address.ts';
import type { FailureItem, Failures } from './api.ts';
import { CsvButton } from './csvButton.tsx';
import { CustomerLink, Head, outcomeWords } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

const shown = '100';

/** The customers of a day without figures, with what a support case asks for. */
export function FailuresSection({
  date,
  outcome,
}: {
  date: string;
  outcome: 'failed' | 'refused';
}) {
  const query = { date, outcome };
  const asked = useAnswer<Failures>(pathOf('runs/failures', { ...query, top: shown }));
  return (
    <Section
      title={`Customers ${outcomeWords[outcome]}`}
      tools={<CsvButton route="runs/failures" query={query} of={`customers ${outcome}`} />}
    >
      <Await asked={asked} isEmpty={({ items }) => items.length === 0} empty="None.">
        {({ items, continuation }) => (
          <>
            <FailuresTable date={date} items={items} />
            {continuation && (
              <p class="note">
                <a href={linkToView({ view: 'overview', outcome, to: date, from: '' })}>
                  All of them
                </a>
              </p>
            )}
          </>
        )}
      </Await>
    </Section>
  );
}

function FailuresTable({ date, items }: { date: string; items: readonly FailureItem[] }) {
  return (
    <div class="scroll">
      <table class="failures">
        <Head
          columns={{
            Customer: 'text',
            Reason: 'text',
            'Correlation id': 'text',
            'For support': 'text',
          }}
        />
        <tbody>
          {items.map((item) => (
            <tr key={item.customerId}>
              <th scope="row" class="name">
                <CustomerLink {...item} />
              </th>
              <td class="reason">{reasonOf(item)}</td>
              <td class="id">{item.correlationId}</td>
              <td class="number">
                <CopyButton of={item.customerName} text={describeForSupport(date, item)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const phases: Readonly<Record<string, string>> = {
  summary: 'usage summary',
  subscriptions: 'list of subscriptions',
  subscriptionSummary: 'summary of a subscription',
  usageRecords: 'usage records',
  store: 'storing',
};

const stepOf = ({ phase }: FailureItem) => phase && (phases[phase] ?? phase);
const statusOf = ({ status }: FailureItem) => status !== null && `HTTP ${status}`;

/** A message names the status and the code as well. */
function reasonOf(item: FailureItem): string {
  return [stepOf(item), item.message].filter(Boolean).join(': ');
}

function describeForSupport(date: string, item: FailureItem): string {
  const facts = {
    Day: date,
    Customer: `${item.customerName} (${item.customerId})`,
    Step: stepOf(item),
    Status: statusOf(item),
    Code: item.code,
    Message: item.message,
    'Correlation id': item.correlationId,
    'Request id': item.requestId,
    Recorded: item.capturedAt,
  };
  return Object.entries(facts)
    .filter(([, fact]) => fact)
    .map(([name, fact]) => `${name}: ${fact}`)
    .join('\n');
}

function CopyButton({ of, text }: { of: string; text: string }) {
  const [isCopied, setIsCopied] = useState(false);
  // Browsers have it on HTTPS and on this machine alone.
  if (!navigator.clipboard) return null;
  const copy = () => navigator.clipboard.writeText(text).then(() => setIsCopied(true));
  return (
    <button type="button" title="Copy for a support case" onClick={copy}>
      <span role="status">{isCopied ? 'Copied' : 'Copy'}</span>
      <span class="hidden"> what is known of {of}</span>
    </button>
  );
}
