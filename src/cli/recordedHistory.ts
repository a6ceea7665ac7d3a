import { openHistory } from '../app/openTables.ts';
import { loadHistoryConfig } from '../config/loadConfig.ts';
import { printProgress } from './terminal.ts';

/** The context of queries, by the settings. Rows that cannot be read are reported on stderr. */
export function openRecordedHistory(): ReturnType<typeof openHistory> {
  const onUnreadable = ({ message }: Error) => printProgress(message);
  return { ...openHistory(loadHistoryConfig()), onUnreadable };
}
