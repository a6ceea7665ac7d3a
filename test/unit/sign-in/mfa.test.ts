import { describe, expect, it } from 'vitest';
import {
  ApiPausedError,
  FatalError,
  RefusedError,
  RetriableError,
  UnauthorizedError,
  UnreadableError,
} from '../../../src/errors.ts';
import { judgeMfa } from '../../../src/sign-in/mfa.ts';

const withMfa = ['pwd', 'mfa'];
const without = ['pwd'];
const outage = new RetriableError('HTTP_503', 'GET /v1/customers answered 503');

describe('a sign-in', () => {
  it.each([
    ['Partner Center says yes', withMfa, { isCompliant: true }, true],
    ['Partner Center says yes, whatever the token says', without, { isCompliant: true }, true],
    ['Partner Center says yes, and the token nothing', undefined, { isCompliant: true }, true],
    ['Partner Center says nothing, and the token yes', withMfa, {}, true],
    ['neither says anything, which is no failure', undefined, {}, undefined],
  ])('is stored where %s', (_, amr, compliance, hasMfa) => {
    expect(judgeMfa(amr, compliance)).toMatchObject({ hasMfa });
  });

  it.each([
    ['Partner Center says no, whatever the token says', withMfa, { isCompliant: false }],
    ['Partner Center says no, and the token nothing', undefined, { isCompliant: false }],
    ['Partner Center says nothing, and the token no', without, {}],
    ['Partner Center fails, and the token says no', without, { error: outage }],
  ])('is not stored where %s', (_, amr, compliance) => {
    expect(() => judgeMfa(amr, compliance)).toThrow(/without multi-factor.*nothing was stored/);
  });

  it.each([
    ['fails for now', outage],
    ['answers what cannot be read', new UnreadableError('SCHEMA', 'cannot be read')],
    ['sends everybody away for an hour', new ApiPausedError(3_600_000)],
  ])('is stored where Partner Center %s, and the doubt is told', (_, error) => {
    expect(judgeMfa(withMfa, { error })).toMatchObject({ hasMfa: true, doubt: error.message });
    expect(judgeMfa(undefined, { error })).toMatchObject({
      hasMfa: undefined,
      doubt: error.message,
    });
  });

  it.each([
    new FatalError('900150', 'the role is missing'),
    new RefusedError('1000', 'not found'),
    new UnauthorizedError('HTTP_401', 'the token is refused'),
    new Error('unheard of'),
  ])('is not stored where Partner Center refuses it: %o', (error) => {
    expect(() => judgeMfa(withMfa, { error })).toThrow(`${error.message}; nothing was stored`);
  });
});
