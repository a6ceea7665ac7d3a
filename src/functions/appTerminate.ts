import { app } from '@azure/functions';
import { terminateRuns } from '../app/timedRuns.ts';

/** Lets runs write their records before the instance goes. Nothing depends on its being called. */
app.hook.appTerminate(() => terminateRuns());

/** The same where a signal reaches the worker itself: the host may come later, or not at all. */
const signals = ['SIGTERM', 'SIGINT'] as const;
for (const name of signals) process.prependListener(name, onSignal);

let isEnding = false;

/** The first signal waits for the records, the second for nothing. */
function onSignal(signal: NodeJS.Signals): void {
  // Whoever else listens is called as well, and ends the process in a way of its own.
  const isOursAlone = process.listenerCount(signal) === 1;
  const end = () => {
    for (const name of signals) process.off(name, onSignal);
    if (isOursAlone) process.kill(process.pid, signal);
  };
  if (isEnding) {
    end();
    return;
  }
  isEnding = true;
  void terminateRuns().then(end);
}
