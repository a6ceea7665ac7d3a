import { createHash } from 'node:crypto';

/** A weak tag (RFC 9110, section 8.8.3): the same for the same content. */
export function entityTagOf(body: string | Uint8Array): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** Whether an `If-None-Match` names the tag, by weak comparison, or any by `*`. */
export function isTagNamed(tag: string, ifNoneMatch: string | undefined): boolean {
  const names = ifNoneMatch?.split(',').map((name) => name.trim().replace(/^W\//, '')) ?? [];
  return names.includes('*') || names.includes(tag.replace(/^W\//, ''));
}
