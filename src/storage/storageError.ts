/** The place in the tables, or in a container of blobs, that an error is about. */
export type StoragePlace = TablePlace | BlobPlace;

interface TablePlace {
  table: string;
  partitionKey?: string;
  rowKey?: string;
}

interface BlobPlace {
  container: string;
  blob?: string;
}

/**
 * The message for an answer that cannot be read; it is not quoted, as it may hold customers' rows.
 */
export const unreadableAnswer = 'expected JSON, got another text';

/**
 * A table or blob could not be read or written, or a table holds a row that cannot be read. The
 * message names table, partition and row, or container and blob, and never holds a row's content beyond the one value that is wrong.
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

function describePlace(place: StoragePlace): string {
  if ('container' in place) {
    const { container, blob } = place;
    return `container ${container}${blob === undefined ? '' : `, blob ${JSON.stringify(blob)}`}`;
  }
  const { table, partitionKey, rowKey } = place;
  const parts = [`table ${table}`];
  if (partitionKey !== undefined) parts.push(`partition ${JSON.stringify(partitionKey)}`);
  if (rowKey !== undefined) parts.push(`row ${JSON.stringify(rowKey)}`);
  return parts.join(', ');
}
