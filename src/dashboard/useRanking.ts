import { useEffect, useRef, useState } from 'preact/hooks';
import type { Ranking } from './api.ts';
import { ask, pathOf, type Query, RequestFailure } from './request.ts';
import { type Asked, useAnswer } from './useAnswer.ts';

/** The first page comes soon; the next ones are larger, as each costs the app a reading of the day. */
const firstPage = '100';
const nextPage = '1000';

export interface PagedRanking extends Asked<Ranking> {
  /** Asks for the next page, where there is one that is not yet asked for. */
  more(): void;
}

interface Pages {
  path: string;
  ranking: Ranking;
  failure?: RequestFailure;
}

/** The ranking of a day, page by page. */
export function useRanking(query: Query): PagedRanking {
  const path = pathOf('customers', { ...query, top: firstPage });
  const first = useAnswer<Ranking>(path);
  const [pages, setPages] = useState<Pages>();
  const asking = useRef<AbortController | undefined>(undefined);
  const present = pages?.path === path ? pages : undefined;
  const ranking = present?.ranking ?? first.data;
  useEffect(() => {
    setPages(undefined);
    return () => {
      asking.current?.abort();
      asking.current = undefined;
    };
  }, [path, first.data]);
  const more = () => {
    const { continuation, items: before } = ranking ?? {};
    if (asking.current || !ranking || !continuation || first.isLoading) return;
    const controller = new AbortController();
    asking.current = controller;
    ask<Ranking>(pathOf('customers', { ...query, top: nextPage, continuation }), controller.signal)
      .then(
        (next) =>
          setPages({ path, ranking: { ...next, items: [...(before ?? []), ...next.items] } }),
        (error: unknown) => {
          if (controller.signal.aborted) return;
          if (!(error instanceof RequestFailure)) throw error;
          setPages({ path, ranking, failure: error });
        },
      )
      .finally(() => {
        if (asking.current === controller) asking.current = undefined;
      });
  };
  const retry = () => {
    setPages(undefined);
    first.retry();
  };
  const failure = present?.failure ?? first.failure;
  return { ...first, ...(ranking && { data: ranking }), ...(failure && { failure }), more, retry };
}
