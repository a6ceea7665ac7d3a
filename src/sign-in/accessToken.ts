import * as z from 'zod';

/** What an access token tells of the sign-in, each where it can be read. */
export interface AccessTokenFacts {
  /** Authentication methods, `mfa` among them where MFA was done. */
  amr?: string[] | undefined;
  /** The user's display name. */
  name?: string | undefined;
  /** The user's object id. */
  objectId?: string | undefined;
}

const claims = z.object({
  amr: z.array(z.string()).optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  oid: z.guid().optional().catch(undefined),
});

/**
 * Reads an access token, unverified, for people to look at. It is its reader's business: one that
 * cannot be read is as good, and tells nothing (Microsoft Entra: access tokens).
 */
export function readAccessToken(token: string): AccessTokenFacts {
  try {
    const [, payload = ''] = token.split('.');
    const { amr, name, oid } = claims.parse(
      JSON.parse(Buffer.from(payload, 'base64url').toString()),
    );
    // Some tenants show users by their e-mail addresses, which nobody has asked for.
    return { amr, name: name?.includes('@') ? undefined : name, objectId: oid };
  } catch {
    return {};
  }
}
