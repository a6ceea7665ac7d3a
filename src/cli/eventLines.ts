import type { EventLog } from '../telemetry/eventLog.ts';
import { quote } from '../text.ts';
import { printProgress, toPlainLine } from './terminal.ts';

/**
 * Warnings and errors as lines for people, on stderr. What ends a run is left out: the command
 * prints that itself.
 */
export function createTerminalEventLog(): EventLog {
  return {
    emit(event, fields, level) {
      if (level === 'info' || quiet.has(event)) return;
      const facts = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${(ours.has(name) ? toPlainLine : quote)(String(value))}`);
      printProgress(`${event}: ${facts.join(' ')}`);
    },
  };
}

/** Messages of ours; what they quote of others is cut already. All else can be somebody's name. */
const ours = new Set(['error', 'message']);

const quiet = new Set([
  'snapshot.run.completed',
  'snapshot.run.failed',
  'credential.refreshToken.rotated',
]);
