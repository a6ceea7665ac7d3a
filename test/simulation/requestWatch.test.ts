import { describe, expect, it } from 'vitest';
import { RequestWatch } from './requestWatch.ts';
import { Trace } from './trace.ts';

describe('the watch over requests', () => {
  const sent = (requestId: string, sentAtMs = 0) => ({
    path: '/v1/customers?size=500',
    requestId,
    sentAtMs,
  });

  function watch(limits: { concurrency: number; limitedPerMinute: number }) {
    const trace = new Trace(1);
    const broken = () => trace.violations.map(({ invariant }) => invariant);
    return { requests: new RequestWatch(limits, trace), broken };
  }

  it('sees more requests in flight than allowed', () => {
    const { requests, broken } = watch({ concurrency: 2, limitedPerMinute: 0 });
    for (const id of ['a', 'b']) requests.begun(0, sent(id));
    requests.ended();
    requests.begun(0, sent('c'));
    expect(broken()).toEqual([]);
    requests.begun(0, sent('d'));
    expect(broken()).toEqual(['concurrency']);
  });

  it('sees any request before the time that a 429 has named', () => {
    const { requests, broken } = watch({ concurrency: 9, limitedPerMinute: 0 });
    requests.begun(0, sent('a'));
    requests.answered(1_000, sent('a'), { status: 429, headers: { 'retry-after': '10' } });
    requests.begun(10_999, sent('b'));
    expect(broken()).toEqual(['retryAfter']);
    requests.begun(11_000, sent('c'));
    expect(broken()).toHaveLength(1);
  });

  it('sees the same request before the time that any other answer has named', () => {
    const { requests, broken } = watch({ concurrency: 9, limitedPerMinute: 0 });
    const headers = { 'retry-after': 'Thu, 01 Jan 1970 00:00:05 GMT' };
    requests.answered(0, sent('a'), { status: 204, headers });
    requests.begun(4_999, sent('b'));
    expect(broken()).toEqual([]);
    requests.begun(4_999, sent('a'));
    expect(broken()).toEqual(['retryAfter']);
  });

  it('takes a time for one of the server, whose clock may be another', () => {
    const { requests, broken } = watch({ concurrency: 9, limitedPerMinute: 0 });
    const headers = {
      'retry-after': 'Thu, 01 Jan 1970 00:05:05 GMT',
      date: 'Thu, 01 Jan 1970 00:05:00 GMT',
    };
    requests.answered(0, sent('a'), { status: 503, headers });
    requests.begun(5_000, sent('a'));
    expect(broken()).toEqual([]);
    requests.answered(5_000, sent('a', 5_000), { status: 503, headers });
    requests.begun(9_000, sent('a'));
    expect(broken()).toEqual(['retryAfter']);
  });

  it('sees a request before the milliseconds that an answer has named', () => {
    const { requests, broken } = watch({ concurrency: 9, limitedPerMinute: 0 });
    const answer = { status: 429, headers: { 'x-ms-retry-after-ms': '2500' } };
    requests.answered(0, sent('a'), answer);
    requests.begun(2_499, sent('b'));
    expect(broken()).toEqual(['retryAfter']);
  });

  it('sees one limited request too many in any 60 seconds', () => {
    const { requests, broken } = watch({ concurrency: 99, limitedPerMinute: 3 });
    for (const atMs of [0, 30_000, 59_000, 60_000]) requests.begun(atMs, sent(`${atMs}`));
    expect(broken()).toEqual([]);
    requests.begun(89_999, sent('x'));
    expect(broken()).toEqual(['limitedPerMinute']);
  });
});
