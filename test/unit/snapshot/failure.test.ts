import { describe, expect, it } from 'vitest';
import { ApiPausedError, FatalError, RefusedError, RetriableError } from '../../../src/errors.ts';
import {
  describeFailure,
  failureOf,
  isOwnFailure,
  isRefusalStatus,
} from '../../../src/snapshot/failure.ts';

describe('a failure', () => {
  it('has what the answer said, and nothing of what it did not say', () => {
    const facts = { status: 503, correlationId: 'c', requestId: 'r', path: '/v1/customers' };
    expect(failureOf('summary', new RetriableError('HTTP_503', 'busy', facts))).toStrictEqual({
      phase: 'summary',
      status: 503,
      code: 'HTTP_503',
      message: 'busy',
      correlationId: 'c',
      requestId: 'r',
    });
    expect(failureOf('usageRecords', new RetriableError('TIMEOUT', 'no answer'))).toStrictEqual({
      phase: 'usageRecords',
      code: 'TIMEOUT',
      message: 'no answer',
    });
  });

  it('may be a pause that is longer than the run has', () => {
    expect(describeFailure('summary', new ApiPausedError(90_000))).toMatchObject({
      phase: 'summary',
      code: 'API_PAUSED',
    });
  });

  it('is of one request alone, unless it is fatal, an abort or a defect', () => {
    const [refused, fatal] = [new RefusedError('403', 'no'), new FatalError('AADSTS', 'no')];
    expect(isOwnFailure(refused)).toBe(true);
    for (const error of [fatal, new Error('a defect'), undefined]) {
      expect(isOwnFailure(error)).toBe(false);
    }
    expect(() => failureOf('summary', fatal)).toThrow(fatal);
  });

  it.each([
    [400, true],
    [403, true],
    [404, true],
    [410, true],
    [401, false],
    [500, false],
    [undefined, false],
  ])('with status %s can be a refusal: %s', (status, expected) => {
    expect(isRefusalStatus(status)).toBe(expected);
  });
});
