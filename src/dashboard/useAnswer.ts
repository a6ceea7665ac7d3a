import { useCallback, useEffect, useState } from 'preact/hooks';
import { ask, RequestFailure } from './request.ts';
import { session } from './session.ts';

/** An answer, on its way or here. `data` may be of before, while newer is asked for. */
export interface Asked<Answer> {
  data?: Answer;
  failure?: RequestFailure;
  isLoading: boolean;
  retry(): void;
}

/** Shown at once when one comes back to them, and asked for again. */
const kept = new Map<string, unknown>();
const maxKept = 60;
let keptSession = -1;

function keep(path: string, data: unknown): void {
  kept.delete(path);
  kept.set(path, data);
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
}

interface Found<Answer> {
  path: string;
  data?: Answer;
  failure?: RequestFailure;
}

/** Asks a route, again whenever its path changes. */
export function useAnswer<Answer>(path: string): Asked<Answer> {
  return useAsked<Answer>(path, (signal) => ask(path, signal));
}

/** Asks several routes: there is an answer once all have answered. */
export function useAnswers<Answer>(paths: readonly string[]): Asked<Answer[]> {
  return useAsked(paths.join(' '), (signal) =>
    Promise.all(paths.map((path) => ask<Answer>(path, signal))),
  );
}

function useAsked<Answer>(
  path: string,
  load: (signal: AbortSignal) => Promise<Answer>,
): Asked<Answer> {
  const [found, setFound] = useState<Found<Answer>>();
  const [attempt, setAttempt] = useState(0);
  const { value: current } = session;
  if (keptSession !== current) kept.clear();
  keptSession = current;
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      (data) => {
        keep(path, data);
        setFound({ path, data });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        if (!(error instanceof RequestFailure)) throw error;
        setFound({ path, failure: error });
      },
    );
    return () => controller.abort();
  }, [path, attempt, current]);
  const retry = useCallback(() => {
    setFound(undefined);
    setAttempt((before) => before + 1);
  }, []);
  const isLoading = found?.path !== path;
  const data = (isLoading ? kept.get(path) : found?.data) as Answer | undefined;
  return {
    ...(data !== undefined && { data }),
    ...(!isLoading && found?.failure && { failure: found.failure }),
    isLoading,
    retry,
  };
}
