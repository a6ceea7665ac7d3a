import { useEffect, useState } from 'preact/hooks';
import type { Subscriptions } from './api.ts';
import { formatDate } from './format.ts';
import { Choice } from './parts.tsx';
import { askFile, pathOf, RequestFailure } from './request.ts';
import { Section } from './states.tsx';

/** What Partner Center answered on a day, asked for when somebody wants to see it. */
export function AsReceived({
  customerId,
  subscriptions,
}: {
  customerId: string;
  /** Of the day. */
  subscriptions: Subscriptions;
}) {
  const [subscriptionId, setSubscriptionId] = useState('');
  const [shown, setShown] = useState<Shown>();
  const { date, items } = subscriptions;
  const path = pathOf(`customers/${customerId}/raw`, { date, subscriptionId });
  useEffect(() => setShown(undefined), [path]);
  const names = items.map((item) => [item.subscriptionId, item.subscriptionName] as const);
  return (
    <Section
      isForScreen
      title="As received"
      note={`What Partner Center answered on ${formatDate(date)}, character by character.`}
      tools={
        <>
          <Choice
            label="Answer for"
            options={{ '': 'The customer', ...Object.fromEntries(names) }}
            value={subscriptionId}
            onChange={setSubscriptionId}
          />
          <button type="button" onClick={() => read(path).then(setShown)}>
            Show
          </button>
        </>
      }
    >
      {shown && shown.path === path && <Answer shown={shown} />}
    </Section>
  );
}

interface Shown {
  path: string;
  text?: string;
  isTruncated?: boolean;
  failure?: string;
}

async function read(path: string): Promise<Shown> {
  try {
    const { content, isTruncated } = await askFile(path);
    return { path, text: await content.text(), isTruncated };
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    return { path, failure: error.message };
  }
}

function Answer({ shown: { text, isTruncated, failure } }: { shown: Shown }) {
  if (failure !== undefined) return <p role="alert">{failure}</p>;
  return (
    <>
      {isTruncated && <p class="warn">Only its beginning is stored: it was too long.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section class="received" aria-label="Answer of Partner Center" tabIndex={0}>
        <pre>{text}</pre>
      </section>
    </>
  );
}
