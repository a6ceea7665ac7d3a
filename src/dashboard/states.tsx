import type { ComponentChildren } from 'preact';
import type { FailureKind } from './request.ts';
import type { Asked } from './useAnswer.ts';

const titles: Record<FailureKind, string> = {
  offline: 'The app cannot be reached',
  access: 'Not allowed',
  unknown: 'Not found',
  notReady: 'The tables cannot be read at the moment',
  server: 'The app could not answer',
};

/** The children once there is an answer; before that what is going on. */
export function Await<Answer>({
  asked,
  isEmpty,
  empty,
  children,
}: {
  asked: Asked<Answer>;
  isEmpty?: (answer: Answer) => boolean;
  empty?: ComponentChildren;
  children: (answer: Answer) => ComponentChildren;
}) {
  const { data, failure, isLoading } = asked;
  if (failure) return <Failed asked={asked} />;
  if (data === undefined) return <Loading />;
  if (isEmpty?.(data)) return <p class="empty">{empty}</p>;
  return (
    <div class="answer" aria-busy={isLoading}>
      {children(data)}
    </div>
  );
}

export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="hidden">Loading</span>
      <i />
      <i />
      <i />
    </div>
  );
}

function Failed({ asked: { failure, retry } }: { asked: Asked<unknown> }) {
  if (!failure) return null;
  return (
    <div class="failure" role="alert">
      <p>
        <b>{titles[failure.kind]}.</b> {failure.message}
      </p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** A part of a view, under its heading. */
export function Section({
  title,
  note,
  tools,
  isForScreen = false,
  children,
}: {
  title: string;
  note?: ComponentChildren;
  tools?: ComponentChildren;
  /** Whether it is left out on paper. */
  isForScreen?: boolean;
  children: ComponentChildren;
}) {
  return (
    <section class={isForScreen ? 'box screen' : 'box'}>
      <div class="head">
        <h2>{title}</h2>
        {note && <p class="note">{note}</p>}
        {tools && <div class="tools">{tools}</div>}
      </div>
      {children}
    </section>
  );
}
