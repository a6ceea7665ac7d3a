import { signal } from '@preact/signals';

/** By what the browser knows. */
export const isOnline = signal(navigator.onLine);

for (const event of ['online', 'offline']) {
  window.addEventListener(event, () => {
    isOnline.value = navigator.onLine;
  });
}
