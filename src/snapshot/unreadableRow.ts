import type { EventLog } from '../telemetry/eventLog.ts';

/** Reports a row that cannot be read and is skipped. */
export function reportUnreadable(events: EventLog): (error: Error) => void {
  return (error) => events.emit('snapshot.row.unreadable', { error: error.message });
}
