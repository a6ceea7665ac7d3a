import { describe, expect, it } from 'vitest';
import { readAccessToken } from '../../../src/sign-in/accessToken.ts';

const objectId = '00000000-0000-4000-8000-00000000000a';
const tokenOf = (claims: unknown) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

describe('an access token', () => {
  it('tells the methods of the sign-in, and who signed in', () => {
    const claims = { amr: ['pwd', 'mfa'], name: 'Usage Snapshots', oid: objectId, upn: 'x@y.z' };
    expect(readAccessToken(tokenOf(claims))).toEqual({
      amr: ['pwd', 'mfa'],
      name: 'Usage Snapshots',
      objectId,
    });
  });

  it('shows no name that is an e-mail address', () => {
    const claims = { name: 'someone@contoso.com', oid: objectId };
    expect(readAccessToken(tokenOf(claims))).toEqual({ objectId });
  });

  it.each([
    ['opaque', 'EwB4A8l6BAAU'],
    ['empty', ''],
    ['no JSON', 'a.b.c'],
    ['no object', tokenOf(['mfa'])],
    ['of claims of other kinds', tokenOf({ amr: 'mfa', name: 7, oid: 'me' })],
  ])('tells nothing where it is %s, and that is no failure', (_, token) => {
    expect(readAccessToken(token)).toEqual({});
  });
});
