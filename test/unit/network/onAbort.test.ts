import { describe, expect, it } from 'vitest';
import { onAbort } from '../../../src/network/onAbort.ts';

describe('an aborted signal', () => {
  it('calls back each that waits, once and in order', () => {
    const calls: string[] = [];
    const abort = new AbortController();
    onAbort(abort.signal, () => calls.push('first'));
    onAbort(abort.signal, () => calls.push('second'));
    abort.abort();
    abort.abort();
    expect(calls).toEqual(['first', 'second']);
  });

  it('calls back none that was taken back, also by one before it', () => {
    const calls: string[] = [];
    const abort = new AbortController();
    onAbort(abort.signal, () => calls.push('removed'))();
    onAbort(abort.signal, () => {
      calls.push('first');
      removeLast();
    });
    const removeLast = onAbort(abort.signal, () => calls.push('last'));
    abort.abort();
    expect(calls).toEqual(['first']);
  });

  it('has one listener, however many wait for it', () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    for (let waiting = 0; waiting < 100; waiting++) onAbort(signal, () => {});
    expect(listeners).toBe(1);
  });
});
