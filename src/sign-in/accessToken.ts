import * as z from 'zod';

/** Facts about the sign-in in an access token, each where it can be read. */
export interface AccessTokenFacts {
  /** Authentication methods; they include `mfa` where MFA was done. */
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
 * Reads an access token, unverified, for display only. Tokens are opaque to clients: one that
 * cannot be read is valid as well, and gives no facts (Microsoft Entra: access tokens).
 */
export function readAccessToken(token: string): AccessTokenFacts {
  try {
    const [, payload = ''] = token.split('.');
    const { amr, name, oid } = claims.parse(
      JSON.parse(Buffer.from(payload, 'base64url').toString()),
    );
    // Some tenants use e-mail addresses as display names; these are not shown.
    return { amr, name: name?.includes('@') ? undefined : name, objectId: oid };
  } catch {
    return {};
  }
}
