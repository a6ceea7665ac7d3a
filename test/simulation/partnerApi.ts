import { RetriableError } from '../../src/errors.ts';
import type { HttpResponse, Transport } from '../../src/partner-center/transport.ts';
import type { Lifeline } from './lifeline.ts';
import type { RequestWatch, SentRequest } from './requestWatch.ts';
import type { World } from './world.ts';

/** How long a client waits for an answer that does not come. */
const timeoutMs = 60_000;

/** The simulated Partner Center as one process reaches it, every request held to its promises. */
export function createWatchedTransport({
  world,
  lifeline,
  name,
  watch,
}: {
  world: World;
  lifeline: Lifeline;
  name: string;
  watch: RequestWatch;
}): Transport {
  const { trace, clock } = world;
  return async (request) => {
    request.signal?.throwIfAborted();
    const path = request.url.pathname + request.url.search;
    const sent: SentRequest = { path, requestId: request.headers['ms-requestid'] ?? '' };
    trace.step(clock.now(), name, 'GET', path, sent.requestId);
    trace.count('requests');
    watch.begun(clock.now(), sent);
    try {
      const answer = await lifeline.pass('api', () => answerOf(world, request));
      const { status, headers } = answer;
      watch.answered(clock.now(), sent, status, headers['retry-after']?.toString());
      return answer;
    } finally {
      watch.ended();
    }
  };
}

async function answerOf(
  { simulator, clock, pageSize }: World,
  { url, headers, facts, signal }: Parameters<Transport>[0],
): Promise<HttpResponse> {
  // Small partners too have several pages.
  const path = (url.pathname + url.search).replace('size=500', `size=${pageSize}`);
  const answer = simulator.handle({ method: 'GET', path, headers });
  const { disruption, delayMs = 0 } = answer;
  await clock.sleep(disruption === 'stall' ? timeoutMs : delayMs, signal);
  if (disruption) {
    const code = disruption === 'stall' ? 'UND_ERR_HEADERS_TIMEOUT' : 'ECONNRESET';
    throw new RetriableError(code, `GET ${facts.path} got no whole answer (${code})`, facts);
  }
  return { status: answer.status, headers: answer.headers, body: String(answer.body) };
}
