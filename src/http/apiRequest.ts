/** A request to the API and its answer, independent of server and function host. */

export interface ApiRequest {
  /** In upper case. */
  method: string;
  /** Below `api/`, as sent, with its escapes. */
  path: string;
  /** After the question mark, as sent; may be empty. */
  query: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

export interface ApiResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** In pieces where it is long; the rest is not computed if reading stops. */
  body?: string | Uint8Array | AsyncIterable<string>;
}
