import { app } from '@azure/functions';
import { terminateRuns } from '../app/timedRuns.ts';

/** Lets runs write their records before the instance ends. Nothing depends on this being called. */
app.hook.appTerminate(() => terminateRuns());

/** The same where the worker itself gets a signal: the host may call the hook later, or never. */
const signals = ['SIGTERM', 'SIGINT'] as const;
for (const name of signals) process.prependListener(name, onSignal);

let isEnding = false;

/** The first signal waits for the records, the second ends the process at once. */
function onSignal(signal: NodeJS.Signals): void {
  // Other listeners are called as well, and end the process themselves.
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
