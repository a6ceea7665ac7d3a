/** Options of a call to a store or a table. */
export interface CallOptions {
  /** Ends the call with the signal's reason. */
  abortSignal?: AbortSignal | undefined;
}

/** What a list does about a row that cannot be read: by default it throws. */
export interface ListOptions extends CallOptions {
  onUnreadable?: ((error: Error) => void) | undefined;
}

/** Checks every call of a run to its tables. */
export interface Fence {
  /** Called before every write; throws where nothing may be written any more. */
  assertWritable(): void;
  /** Ends a call that begins now: to a table of rows, or to that of the runs' own records. */
  callSignal(kind: FencedKind): AbortSignal;
}

export type FencedKind = 'rows' | 'record';
