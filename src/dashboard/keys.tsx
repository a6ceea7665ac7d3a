import { useEffect, useRef } from 'preact/hooks';
import { address, linkToView } from './address.ts';

const keys: readonly (readonly [string, string])[] = [
  ['/', 'search customers'],
  ['↑ ↓', 'go through customers'],
  ['← →', 'go through the days of a chart or of the nights'],
  ['Enter', 'open what is chosen'],
  ['Esc', 'clear the search, or back to the overview'],
  ['1', 'overview'],
  ['2', 'runs'],
  ['?', 'this list'],
];

/** The keys that work everywhere, and the list of all of them. */
export function Keys() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (dialog.current?.open || isTyping(event.target)) return;
      const act = actions[event.key];
      if (event.key === '?') dialog.current?.showModal();
      else if (act) act();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <footer>
      <p>Days are UTC. Figures are Partner Center’s estimates and no invoice.</p>
      <button type="button" aria-keyshortcuts="?" onClick={() => dialog.current?.showModal()}>
        Keys <kbd>?</kbd>
      </button>
      <dialog ref={dialog} aria-labelledby="about-keys">
        <h2 id="about-keys">Keys</h2>
        <dl>
          {keys.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <button type="button" class="main" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </dialog>
    </footer>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}

const actions: Readonly<Record<string, () => void>> = {
  '/': () => {
    if (address.value.view === 'overview') focusSearch();
    else {
      location.hash = linkToView({ view: 'overview' });
      // After the other view is there.
      requestAnimationFrame(() => requestAnimationFrame(focusSearch));
    }
  },
  Escape: () => {
    const { view, search } = address.value;
    if (view !== 'overview' || search !== '') location.hash = linkToView({ view: 'overview' });
  },
  '1': () => {
    location.hash = linkToView({ view: 'overview' });
  },
  '2': () => {
    location.hash = linkToView({ view: 'runs' });
  },
};

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('#search')?.focus();
}
