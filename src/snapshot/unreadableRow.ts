import type { EventLog } from '../telemetry/eventLog.ts';

/** Tells of a row that cannot be read and is passed over. */
export function tellOf(events: EventLog): (error: Error) => void {
  return (error) => events.emit('snapshot.row.unreadable', { error: error.message });
}
