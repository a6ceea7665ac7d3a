import type { InvocationContext } from '@azure/functions';
import { createEventLog, type EventLog } from './eventLog.ts';

/** Events as lines of the function's own log, where Azure Monitor's rules read them. */
export function createFunctionEventLog(context: InvocationContext): EventLog {
  return createEventLog((level, line) => {
    if (level === 'error') context.error(line);
    else if (level === 'warning') context.warn(line);
    else context.info(line);
  });
}
