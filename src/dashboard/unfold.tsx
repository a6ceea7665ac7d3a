import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** What is drawn when somebody unfolds it: a long table takes longer than all charts. */
export function Unfold({
  summary,
  children,
}: {
  summary: ComponentChildren;
  children: () => ComponentChildren;
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && children()}
    </details>
  );
}
