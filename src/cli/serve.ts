import { once } from 'node:events';
import { systemClock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { startApiServer } from '../http/apiServer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type ExitCode, exitCodes, print, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';

export interface ServeOptions {
  port: number;
}

/** The API on loopback over the configured tables, until Ctrl-C; no key is needed. */
export function serve({ port }: ServeOptions): Promise<ExitCode> {
  const context = openRecordedHistory();
  return untilTerminated(async (signal) => {
    const server = await startLocalApi(context, port);
    try {
      print(`${server.url}/api/dashboard`);
      printProgress(`The API is described at ${server.url}/api/openapi.json, Ctrl-C ends it`);
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await server.close();
    }
    return exitCodes.done;
  });
}

/** The API for users of this machine, without a key. */
export function startLocalApi(context: ReturnType<typeof openRecordedHistory>, port: number) {
  return startApiServer(
    {
      isAllowed: () => true,
      openHistory: async () => context,
      listBadSettings: () => [],
      onError: (error) => printProgress(messageOf(error)),
      now: () => systemClock.now(),
    },
    { port },
  );
}
