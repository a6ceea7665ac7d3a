/** The place in the tables that an error is about. */
export interface StoragePlace {
  table: string;
  partitionKey?: string;
  rowKey?: string;
}

/**
 * The message for an answer that cannot be read; it is not quoted, as it may hold customers' rows.
 */
export const unreadableAnswer = 'expected JSON, got another text';

/**
 * A table could not be read or written, or holds a row that cannot be read. The message names
 * table, partition and row, and never holds a row's content beyond the one value that is wrong.
 */
export class StorageError extends Error {
  /**
   * The service's own code (`TableNotFound`), the network's (`ECONNREFUSED`), the SDK's
   * (`PARSE_ERROR`), or one of ours: `HTTP_503`, `INCOMPLETE_ANSWER`, `UNREADABLE_ROW`, `STORAGE`.
   */
  readonly code: string;
  /** HTTP status; absent where no answer came. */
  readonly status?: number;
  readonly place: StoragePlace;

  constructor(
    code: string,
    place: StoragePlace,
    message: string,
    options: ErrorOptions & { status?: number | undefined } = {},
  ) {
    super(`${describePlace(place)}: ${message}`, options);
    this.name = 'StorageError';
    this.code = code;
    this.place = place;
    if (options.status !== undefined) this.status = options.status;
  }
}

function describePlace({ table, partitionKey, rowKey }: StoragePlace): string {
  const parts = [`table ${table}`];
  if (partitionKey !== undefined) parts.push(`partition ${JSON.stringify(partitionKey)}`);
  if (rowKey !== undefined) parts.push(`row ${JSON.stringify(rowKey)}`);
  return parts.join(', ');
}
