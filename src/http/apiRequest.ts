/** A request to the API and its answer, as neither a server nor a function host has them. */

export interface ApiRequest {
  /** In upper case. */
  method: string;
  /** Below `api/`, as it was sent: escapes are still in it. */
  path: string;
  /** After the question mark, as it was sent; may be empty. */
  query: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

export interface ApiResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** In pieces where it is long; whoever stops reading ends the work on the rest. */
  body?: string | AsyncIterable<string>;
}
