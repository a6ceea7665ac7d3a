import { SingleBar } from 'cli-progress';
import type { Progress } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { printProgress } from './terminal.ts';

const lineIntervalMs = 5_000;

/**
 * Shows progress on stderr: on a terminal a bar, once it is known how many customers there are, and
 * counts until then; elsewhere a line every 5 seconds.
 */
export function createProgress(clock: Clock): { show(progress: Progress): void; end(): void } {
  return process.stderr.isTTY ? createBar() : createLines(clock);
}

/** Wide enough to see a customer of a hundred, and short enough for 60 columns. */
const barCells = 30;

function createBar() {
  const bar = new SingleBar({
    format: (
      _options,
      { progress },
      { text, isListRead }: { text: string; isListRead: boolean },
    ) => {
      const done = Math.round(progress * barCells);
      const cells = '█'.repeat(done).padEnd(barCells, '░');
      return isListRead ? `${cells} ${text}` : text;
    },
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let isStarted = false;
  return {
    show(progress: Progress) {
      const { customersListed, isListRead, customersDone } = progress;
      const payload = { text: describe(progress), isListRead };
      if (!isStarted) bar.start(customersListed, customersDone, payload);
      isStarted = true;
      bar.setTotal(customersListed);
      bar.update(customersDone, payload);
    },
    end: () => bar.stop(),
  };
}

function describe({ customersListed, isListRead, customersDone }: Progress): string {
  return isListRead
    ? `${customersDone} of ${customersListed} customers`
    : `${customersDone} customers, ${customersListed} listed so far`;
}

function createLines(clock: Clock) {
  let nextMs = clock.now() + lineIntervalMs;
  return {
    show(progress: Progress) {
      if (clock.now() < nextMs) return;
      nextMs = clock.now() + lineIntervalMs;
      printProgress(describe(progress));
    },
    end() {},
  };
}
