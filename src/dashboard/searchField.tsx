import { useEffect, useRef, useState } from 'preact/hooks';
import { address, go } from './address.ts';

const typingMs = 200;

/** What is typed is searched after a pause; arrow down leads to the links that are found. */
export function SearchField({
  label,
  ...field
}: {
  id: string;
  placeholder: string;
  label: string;
  'aria-keyshortcuts'?: string;
}) {
  const { search } = address.value;
  const [text, setText] = useState(search);
  const timer = useRef<number | undefined>(undefined);
  const searched = useRef(search);
  useEffect(() => {
    // What comes back from here may be older than what is typed.
    if (search !== searched.current) setText(search);
    searched.current = search;
  }, [search]);
  const change = (value: string) => {
    setText(value);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      searched.current = value.trim();
      go({ search: searched.current }, { isReplacing: true });
    }, typingMs);
  };
  return (
    <input
      {...field}
      type="search"
      value={text}
      maxLength={100}
      aria-label={label}
      onInput={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'Enter') {
          event.preventDefault();
          document.querySelector<HTMLElement>('.rows tbody a')?.focus();
        }
        if (event.key === 'Escape') change('');
      }}
    />
  );
}
