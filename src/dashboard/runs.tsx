import { address, linkToView } from './address.ts';
import type { List, Ranking, RunItem } from './api.ts';
import { formatClock, formatCount, formatDate, formatDuration, none } from './format.ts';
import { CustomerLink, Head, outcomeWords } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

/** What ran, and what came of it. */
export function Runs() {
  const { from, to } = address.value;
  const asked = useAnswer<List<RunItem>>(pathOf('runs', { from, to }));
  return (
    <Section
      title="Runs"
      note={
        from !== '' &&
        from === to && <a href={linkToView({ view: 'runs', from: '', to: '' })}>Runs of all days</a>
      }
    >
      <Await
        asked={asked}
        isEmpty={({ items }) => items.length === 0}
        empty="Nothing ran in these days."
      >
        {({ items }) => (
          <>
            <div class="scroll">
              <RunsTable runs={items.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))} />
            </div>
            {from !== '' && from === to && <NotServed date={from} />}
          </>
        )}
      </Await>
    </Section>
  );
}

const triggers: Record<RunItem['trigger'], string> = {
  timer: 'nightly',
  catchUp: 'catch-up',
  closing: 'end of period',
  cli: 'command line',
};

function RunsTable({ runs }: { runs: readonly RunItem[] }) {
  return (
    <table>
      <Head
        columns={{
          Day: 'text',
          Status: 'text',
          Started: 'text',
          By: 'text',
          Took: 'number',
          Listed: 'number',
          Usage: 'number',
          'No usage': 'number',
          Refused: 'number',
          Failed: 'number',
          Requests: 'number',
          Retries: 'number',
        }}
      />
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.runId} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run }: { run: RunItem }) {
  const { snapshotDate, startedAt, trigger, scope, status, durationMs, error, isSettled } = run;
  return (
    <>
      <tr title={run.runId}>
        <th scope="row">
          <a href={linkToView({ view: 'runs', from: snapshotDate, to: snapshotDate })}>
            {formatDate(snapshotDate)}
          </a>
        </th>
        <td>
          <span class={`night small ${status}`} aria-hidden="true" /> {status}
          {status === 'partial' && isSettled && ', but for lasting failures'}
        </td>
        <td>{formatClock(startedAt)}</td>
        <td>
          {triggers[trigger]}
          {scope === 'customer' && ', one customer'}
        </td>
        <td class="number">{durationMs === null ? none : formatDuration(durationMs)}</td>
        <td class="number">{formatCount(run.customersListed)}</td>
        <td class="number">{formatCount(run.customersWithUsage)}</td>
        <td class="number">{formatCount(run.customersWithoutUsage)}</td>
        <td class="number">{formatCount(run.customersRefused)}</td>
        <td class="number">{formatCount(run.customersFailed)}</td>
        <td class="number">{formatCount(run.requests)}</td>
        <td class="number">{formatCount(run.retries)}</td>
      </tr>
      {error !== null && (
        <tr class="error">
          <td colSpan={12}>{error}</td>
        </tr>
      )}
    </>
  );
}

const shown = '100';

/** The customers of a day that have no figures, with the reasons. */
function NotServed({ date }: { date: string }) {
  return (
    <>
      <Reasons date={date} outcome="failed" />
      <Reasons date={date} outcome="refused" />
    </>
  );
}

function Reasons({ date, outcome }: { date: string; outcome: 'failed' | 'refused' }) {
  const asked = useAnswer<Ranking>(pathOf('customers', { date, outcome, top: shown }));
  return (
    <>
      <h3>Customers {outcomeWords[outcome]}</h3>
      <Await asked={asked} isEmpty={({ items }) => items.length === 0} empty="None.">
        {({ items, continuation }) => (
          <>
            <table>
              <Head columns={{ Customer: 'text', Reason: 'text' }} />
              <tbody>
                {items.map((item) => (
                  <tr key={item.customerId}>
                    <th scope="row" class="name">
                      <CustomerLink {...item} />
                    </th>
                    <td class="reason">
                      {item.errorCode} {item.errorMessage}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
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
    </>
  );
}
