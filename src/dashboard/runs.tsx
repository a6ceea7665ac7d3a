import { address, linkToView } from './address.ts';
import type { List, RunItem } from './api.ts';
import { CsvButton } from './csvButton.tsx';
import { FailuresSection } from './failures.tsx';
import { formatClock, formatCount, formatDate, formatDuration, none } from './format.ts';
import { Head } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

/** What ran, and what came of it. */
export function Runs() {
  const { from, to } = address.value;
  const isOneDay = from !== '' && from === to;
  const asked = useAnswer<List<RunItem>>(pathOf('runs', { from, to }));
  return (
    <>
      <Section
        title="Runs"
        note={
          isOneDay && <a href={linkToView({ view: 'runs', from: '', to: '' })}>Runs of all days</a>
        }
        tools={<CsvButton route="runs" query={{ from, to }} of="these runs" />}
      >
        <Await
          asked={asked}
          isEmpty={({ items }) => items.length === 0}
          empty="Nothing ran in these days."
        >
          {({ items }) => (
            <div class="scroll">
              <RunsTable runs={items.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))} />
            </div>
          )}
        </Await>
      </Section>
      {isOneDay && (
        <>
          <FailuresSection date={from} outcome="failed" />
          <FailuresSection date={from} outcome="refused" />
        </>
      )}
    </>
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
          'Plans below': 'number',
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
        <td class="number">
          {run.depthCaptured === null ? none : formatCount(run.depthCaptured)}
          {run.depthFailed ? `, ${formatCount(run.depthFailed)} failed` : ''}
        </td>
        <td class="number">{formatCount(run.requests)}</td>
        <td class="number">{formatCount(run.retries)}</td>
      </tr>
      {error !== null && (
        <tr class="error">
          <td colSpan={13}>{error}</td>
        </tr>
      )}
    </>
  );
}
