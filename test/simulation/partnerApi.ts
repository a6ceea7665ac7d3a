import { RetriableError } from '../../src/errors.ts';
import type { HttpResponse, Transport } from '../../src/network/transport.ts';
import { type Route, routeOf } from '../../src/simulator/route.ts';
import type { SentAnswer } from './deliveries.ts';
import type { Writer } from './ledger.ts';
import type { Lifeline } from './lifeline.ts';
import { namedTimeMs, type RequestWatch, type SentRequest } from './requestWatch.ts';
import type { World } from './world.ts';

/** How long a client waits for an answer that does not come. */
const timeoutMs = 60_000;

/** The simulated Partner Center as one process reaches it, every request held to its promises. */
export function createWatchedTransport({
  world,
  lifeline,
  name,
  watch,
  writer,
}: {
  world: World;
  lifeline: Lifeline;
  name: string;
  watch: RequestWatch;
  writer: Writer;
}): Transport {
  const { trace, clock, deliveries, settings } = world;
  return async (request) => {
    request.signal?.throwIfAborted();
    const path = request.url.pathname + request.url.search;
    const sentAtMs = clock.now();
    const requestId = request.headers['ms-requestid'] ?? '';
    const sent: SentRequest = { path, requestId, sentAtMs };
    trace.step(clock.now(), name, 'GET', path, sent.requestId);
    trace.count('requests');
    watch.begun(clock.now(), sent);
    try {
      const route = routeOf('GET', path);
      const answer = await lifeline.pass('api', () => answerOf(world, route, request));
      const { status, headers, body } = answer;
      watch.answered(clock.now(), sent, answer);
      deliveries.note(route, answer, writer, clock.now());
      const pauseUntilMs = namedTimeMs(headers, { sentAtMs, nowMs: clock.now() });
      const { life } = writer;
      // A 429 may ask for a longer pause than its run has left.
      if (life && status === 429 && pauseUntilMs >= life.startedAtMs + settings.deadlineMs) {
        life.isSentAway = true;
      }
      return { status, headers, body: String(body) } satisfies HttpResponse;
    } finally {
      watch.ended();
    }
  };
}

async function answerOf(
  { simulator, clock, pageSize, sky }: World,
  route: Route,
  { url, headers, facts, signal }: Parameters<Transport>[0],
): Promise<SentAnswer> {
  // Small partners too have several pages.
  const path = (url.pathname + url.search).replace('size=500', `size=${pageSize}`);
  const asked = { route, headers, nowMs: clock.now() };
  const answer = sky.change(asked, simulator.handle({ method: 'GET', path, headers }));
  const { disruption, delayMs = 0 } = answer;
  await clock.sleep(disruption === 'stall' ? timeoutMs : delayMs, signal);
  if (disruption) {
    const code = disruption === 'stall' ? 'UND_ERR_HEADERS_TIMEOUT' : 'ECONNRESET';
    throw new RetriableError(code, `GET ${facts.path} got no whole answer (${code})`, facts);
  }
  return { ...answer, madeAtMs: asked.nowMs };
}
