import type { EventLog } from '../telemetry/eventLog.ts';
import { quote } from '../text.ts';
import { toPlainLine } from './table.ts';
import { printProgress } from './terminal.ts';

/**
 * Warnings and errors as lines for people, on stderr. Events of a run's end are left out, as the
 * command prints the result itself.
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

/** Own messages, in which quoted texts are shortened already. Other fields can hold any name. */
const ours = new Set(['error', 'message']);

const quiet = new Set([
  'snapshot.run.completed',
  'snapshot.run.failed',
  'credential.refreshToken.rotated',
]);
