import { useEffect, useRef, useState } from 'preact/hooks';
import type { List } from './api.ts';
import { ask, pathOf, type Query, RequestFailure } from './request.ts';
import { type Asked, useAnswer } from './useAnswer.ts';

/** The first page comes soon; the next ones are larger, as each costs the app a reading of the day. */
const firstPage = '100';
const nextPage = '1000';

export interface Pages<Answer> extends Asked<Answer> {
  /** Asks for the next page, where there is one that is not yet asked for. */
  more(): void;
}

interface Found<Answer> {
  path: string;
  answer: Answer;
  failure?: RequestFailure;
}

/** A list of a day, page by page: the latest page with the items of all of them. */
export function usePages<Answer extends List<unknown>>(route: string, query: Query): Pages<Answer> {
  const path = pathOf(route, { ...query, top: firstPage });
  const first = useAnswer<Answer>(path);
  const [found, setFound] = useState<Found<Answer>>();
  const asking = useRef<AbortController | undefined>(undefined);
  const present = found?.path === path ? found : undefined;
  const answer = present?.answer ?? first.data;
  useEffect(() => {
    setFound(undefined);
    return () => {
      asking.current?.abort();
      asking.current = undefined;
    };
  }, [path, first.data]);
  const more = () => {
    const { continuation, items: before } = answer ?? {};
    if (asking.current || !answer || !continuation || first.isLoading) return;
    const controller = new AbortController();
    asking.current = controller;
    ask<Answer>(pathOf(route, { ...query, top: nextPage, continuation }), controller.signal)
      .then(
        (next) =>
          setFound({ path, answer: { ...next, items: [...(before ?? []), ...next.items] } }),
        (error: unknown) => {
          if (controller.signal.aborted) return;
          if (!(error instanceof RequestFailure)) throw error;
          setFound({ path, answer, failure: error });
        },
      )
      .finally(() => {
        if (asking.current === controller) asking.current = undefined;
      });
  };
  const retry = () => {
    setFound(undefined);
    first.retry();
  };
  const failure = present?.failure ?? first.failure;
  return { ...first, ...(answer && { data: answer }), ...(failure && { failure }), more, retry };
}
