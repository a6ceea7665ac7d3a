import type { CallOptions } from '../callOptions.ts';

/** A blob of a container. */
export interface StoredBlob {
  name: string;
  bytes: number;
  /** When it was written last, milliseconds since the epoch; the service knows whole seconds. */
  modifiedMs: number;
}

/** What is needed of a container of blobs: the service's, or one in memory. */
export interface BlobContainer {
  /** As the service knows it. */
  readonly name: string;
  /** Creates it where it is missing. */
  ensure(options?: CallOptions): Promise<void>;
  exists(options?: CallOptions): Promise<boolean>;
  /** Replaces the blob. */
  put(name: string, content: Uint8Array, options?: CallOptions): Promise<void>;
  /** Adds the blob; `false` where there is one of that name, which stays. */
  add(name: string, content: Uint8Array, options?: CallOptions): Promise<boolean>;
  /** `undefined` where there is no such blob. */
  get(name: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** By name; none where the container is missing. */
  list(prefix: string, options?: CallOptions): AsyncGenerator<StoredBlob>;
  /** Removes the blob, or does nothing where there is none. */
  delete(name: string, options?: CallOptions): Promise<void>;
}
