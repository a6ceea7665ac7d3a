import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { plural } from './format.ts';

/** Of a row, as the style has it; only rows in sight are in the document. */
const rowPx = 36;
const headPx = 32;
const spareRows = 10;
const heightOfAll = (rows: number) => rows * rowPx + headPx + 2;

export interface Listed<Item> {
  label: string;
  /** Those that are here; more may come. */
  items: readonly Item[];
  hasMore: boolean;
  /** Called when the last one comes into sight and there are more. */
  onEnd: () => void;
  head: ComponentChildren;
  keyOf: (item: Item) => string;
  /** The cells of a row, with a link in the first. */
  cells: (item: Item, onFocus: () => void) => ComponentChildren;
}

/** A long table that scrolls by itself; arrows go through the links of its rows. */
export function LongTable<Item>({
  label,
  items,
  hasMore,
  onEnd,
  head,
  keyOf,
  cells,
}: Listed<Item>) {
  const box = useRef<HTMLElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [current, setCurrent] = useState(0);
  const wanted = useRef<number | undefined>(undefined);
  const from = Math.max(0, Math.floor(top / rowPx) - spareRows);
  const to = Math.min(items.length, Math.ceil((top + height) / rowPx) + spareRows);
  useLayoutEffect(() => {
    if (box.current) setHeight(box.current.clientHeight);
  }, []);
  useEffect(() => {
    if (to === items.length && hasMore) onEnd();
  });
  const hadFocus = hasFocus(box.current);
  useLayoutEffect(() => {
    // Rows that move in the document lose the focus, and so do those that leave it.
    const isLost = hadFocus && !hasFocus(box.current);
    if (wanted.current === undefined && !isLost) return;
    const row = wanted.current ?? current;
    const link = box.current?.querySelector<HTMLElement>(`tr[data-row="${row}"] a`);
    wanted.current = undefined;
    (link ?? box.current)?.focus({ preventScroll: true });
  });
  const move = (event: KeyboardEvent) => {
    const next = nextRow(event.key, { current, height, count: items.length });
    if (next === undefined || !box.current) return;
    event.preventDefault();
    wanted.current = next;
    setCurrent(next);
    box.current.scrollTop = scrolledTo(next, box.current);
    setTop(box.current.scrollTop);
  };
  return (
    <>
      <section
        ref={box}
        class="rows"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        tabIndex={0}
        style={{ height: `min(70vh, ${heightOfAll(items.length)}px)` }}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={move}
      >
        <table
          aria-rowcount={hasMore ? -1 : items.length + 1}
          style={{
            marginTop: `${from * rowPx}px`,
            marginBottom: `${(items.length - to) * rowPx}px`,
          }}
        >
          {head}
          <tbody>
            {items.slice(from, to).map((item, index) => (
              <tr key={keyOf(item)} data-row={from + index} aria-rowindex={from + index + 2}>
                {cells(item, () => setCurrent(from + index))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="note count">
        {plural(items.length, 'customer')}
        {hasMore && ', and more below'}
      </p>
    </>
  );
}

function hasFocus(element: HTMLElement | null): boolean {
  return element?.contains(document.activeElement) ?? false;
}

function nextRow(
  key: string,
  { current, height, count }: { current: number; height: number; count: number },
): number | undefined {
  const page = Math.max(1, Math.floor((height - headPx) / rowPx) - 1);
  const targets: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target));
}

/** Where a row is in sight, with as little scrolling as that takes. */
function scrolledTo(row: number, { scrollTop, clientHeight }: HTMLElement): number {
  const [start, end] = [row * rowPx, (row + 1) * rowPx + headPx];
  if (start < scrollTop) return start;
  return end > scrollTop + clientHeight ? end - clientHeight : scrollTop;
}
