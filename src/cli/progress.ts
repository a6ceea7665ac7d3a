import { SingleBar } from 'cli-progress';
import type { Progress } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { printProgress } from './terminal.ts';

const lineIntervalMs = 5_000;

/**
 * Shows progress on stderr: a bar on a terminal, a line every 5 seconds elsewhere. While customers
 * are being listed the bar's total grows.
 */
export function createProgress(clock: Clock): { show(progress: Progress): void; end(): void } {
  return process.stderr.isTTY ? createBar() : createLines(clock);
}

function createBar() {
  const bar = new SingleBar({
    format: '{bar} {value} of {total} customers{more}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let isStarted = false;
  return {
    show({ customersListed, isListRead, customersDone }: Progress) {
      const payload = { more: isListRead ? '' : ' listed so far' };
      if (!isStarted) bar.start(customersListed, customersDone, payload);
      isStarted = true;
      bar.setTotal(customersListed);
      bar.update(customersDone, payload);
    },
    end: () => bar.stop(),
  };
}

function createLines(clock: Clock) {
  let nextMs = clock.now() + lineIntervalMs;
  return {
    show({ customersListed, isListRead, customersDone }: Progress) {
      if (clock.now() < nextMs) return;
      nextMs = clock.now() + lineIntervalMs;
      const more = isListRead ? '' : ' listed so far';
      printProgress(`${customersDone} of ${customersListed} customers${more}`);
    },
    end() {},
  };
}
