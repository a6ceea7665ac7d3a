import { openHistory } from '../app/openTables.ts';
import { loadHistoryConfig } from '../config/loadConfig.ts';
import { printProgress } from './terminal.ts';

/** What queries work with, by the settings; it says on stderr which rows it cannot read. */
export function openRecordedHistory(): ReturnType<typeof openHistory> {
  const onUnreadable = ({ message }: Error) => printProgress(message);
  return { ...openHistory(loadHistoryConfig()), onUnreadable };
}
