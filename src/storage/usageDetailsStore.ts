import { randomUUID } from 'node:crypto';
import { createGunzip } from 'node:zlib';
import type { CallOptions } from '../callOptions.ts';
import type { BlobContainer } from './blobContainer.ts';
import { usageDetailsBlobName } from './keys.ts';

/** The records of a plan, or of a legacy subscription, on one day. */
export interface DetailedDay {
  customerId: string;
  subscriptionId: string;
  /** `yyyy-MM-dd`. */
  snapshotDate: string;
}

/**
 * The records as received, a blob for each plan and day: one record a line, in gzip. All methods
 * throw `StorageError`, or `RangeError` for an id or date that cannot be a part of a name.
 */
export class UsageDetailsStore {
  readonly #container: BlobContainer;

  constructor(container: BlobContainer) {
    this.#container = container;
  }

  ensureContainer(options?: CallOptions): Promise<void> {
    return this.#container.ensure(options);
  }

  /** Writes and deletes a blob of no customer, to see whether both are allowed. */
  async probe(options?: CallOptions): Promise<void> {
    const name = `doctor/${randomUUID()}`;
    await this.#container.ensure(options);
    await this.#container.put(name, new Uint8Array(), options);
    await this.#container.delete(name, options);
  }

  /** Replaces the blob of that day. */
  async write(day: DetailedDay, gzip: Uint8Array, options?: CallOptions): Promise<void> {
    await this.#container.put(nameOf(day), gzip, options);
  }

  /** The gzip as it was written; `undefined` where there is none. */
  async read(day: DetailedDay, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#container.get(nameOf(day), options);
  }

  /** The records, one after the other as they are unpacked; `undefined` where there are none. */
  async readLines(
    day: DetailedDay,
    options?: CallOptions,
  ): Promise<AsyncGenerator<string> | undefined> {
    const gzip = await this.read(day, options);
    return gzip && unpackLines(gzip);
  }
}

async function* unpackLines(gzip: Uint8Array): AsyncGenerator<string> {
  const unpacked = createGunzip();
  unpacked.setEncoding('utf8');
  unpacked.end(gzip);
  let open = '';
  for await (const text of unpacked) {
    const lines = `${open}${text}`.split('\n');
    open = lines.pop() ?? '';
    yield* lines;
  }
  if (open !== '') yield open;
}

function nameOf({ customerId, subscriptionId, snapshotDate }: DetailedDay): string {
  return usageDetailsBlobName(customerId, subscriptionId, snapshotDate);
}
