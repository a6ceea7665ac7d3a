import { useRef, useState } from 'preact/hooks';
import { linkToView } from './address.ts';
import type { List, RunItem } from './api.ts';
import { addDays, today } from './dates.ts';
import { Failing } from './failing.tsx';
import { formatDuration, formatTime, plural } from './format.ts';
import {
  describeNight,
  type Night,
  type NightKind,
  nightMarks,
  nightsOf,
  nightWords,
} from './nightState.ts';
import { pathOf } from './request.ts';
import { Await, Section } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

const daysShown = 35;

/** The state of the nights: what ran, and what is missing. */
export function Nights() {
  const to = today();
  const from = addDays(to, 1 - daysShown);
  const asked = useAnswer<List<RunItem>>(pathOf('runs', { from: addDays(from, -daysShown), to }));
  return (
    <Section title="Nights" note={asked.data && <LastRun runs={asked.data.items} />}>
      <Await asked={asked}>
        {({ items }) => (
          <>
            <Strip nights={nightsOf(items, { from, to }, to)} />
            <Failing runs={items} />
          </>
        )}
      </Await>
    </Section>
  );
}

function LastRun({ runs }: { runs: readonly RunItem[] }) {
  const [last] = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  if (!last) return <>Nothing has run yet.</>;
  const { startedAt, status, durationMs, customersListed } = last;
  const took = durationMs === null ? '' : ` in ${formatDuration(durationMs)}`;
  return (
    <>
      Last run {formatTime(startedAt)}: {status}, {plural(customersListed, 'customer')}
      {took}
    </>
  );
}

/** One stop of the keyboard; arrows go through the days. */
function Strip({ nights }: { nights: readonly Night[] }) {
  const list = useRef<HTMLOListElement>(null);
  const [current, setCurrent] = useState(nights.length - 1);
  const shown = nights[current];
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(nights.length - 1, Math.max(0, current + step));
    setCurrent(next);
    list.current?.querySelectorAll('a')[next]?.focus();
  };
  return (
    <>
      <ol class="strip" ref={list}>
        {nights.map((night, index) => (
          <li key={night.date}>
            <a
              class={`night ${night.kind}`}
              href={linkToView({ view: 'runs', from: night.date, to: night.date })}
              tabIndex={index === current ? 0 : -1}
              onFocus={() => setCurrent(index)}
              onMouseEnter={() => setCurrent(index)}
              onKeyDown={move}
            >
              <span class="hidden">{describeNight(night)}</span>
              <span aria-hidden="true">{nightMarks[night.kind]}</span>
            </a>
          </li>
        ))}
      </ol>
      <p class="readout">{shown && describeNight(shown)}</p>
      <Legend kinds={[...new Set(nights.map(({ kind }) => kind))]} />
    </>
  );
}

function Legend({ kinds }: { kinds: readonly NightKind[] }) {
  return (
    <ul class="legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <span class={`night small ${kind}`} aria-hidden="true">
            {nightMarks[kind]}
          </span>
          {nightWords[kind]}
        </li>
      ))}
    </ul>
  );
}
