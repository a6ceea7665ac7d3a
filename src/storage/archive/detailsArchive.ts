import { forEachBounded } from '../../forEachBounded.ts';
import type { BlobContainer, StoredBlob } from '../blobContainer.ts';
import { customerKey, dateKey, dateOfUsageDetails } from '../keys.ts';
import type { ArchiveDates } from './archive.ts';
import type { RawOptions } from './rawTable.ts';

/** How many blobs are copied or removed at a time; one of 100,000 records has some 6 MB. */
const blobsInFlight = 8;

/**
 * Copies, restores and removes the blobs with the records below plans. Failures are
 * `StorageError`s; memory does not grow with the number of blobs.
 */
export class DetailsArchive {
  readonly #container: BlobContainer;
  /** How the names of blobs are built, for messages. */
  readonly naming = '<customerId>/<planId>/<yyyy-MM-dd>.ndjson.gz';

  constructor(container: BlobContainer) {
    this.#container = container;
  }

  /** As the service knows it, prefix included. */
  get container(): string {
    return this.#container.name;
  }

  /** Whether a name is built so. */
  isName(name: string): boolean {
    return dateOfUsageDetails(name) !== undefined;
  }

  exists(options: RawOptions): Promise<boolean> {
    return this.#container.exists(options);
  }

  /** Visits the blobs of some dates, several at a time; none where the container is missing. */
  async forEach(
    { from, to }: ArchiveDates,
    visit: (blob: StoredBlob) => Promise<void>,
    options: RawOptions,
  ): Promise<void> {
    await forEachBounded(this.#container.list('', options), blobsInFlight, async (blob) => {
      const date = dateOfUsageDetails(blob.name);
      if (date === undefined || (from && date < from) || (to && date > to)) return;
      await visit(blob);
    });
  }

  /** `undefined` where it is gone meanwhile. */
  read(name: string, options: RawOptions): Promise<Uint8Array | undefined> {
    return this.#container.get(name, options);
  }

  /**
   * Adds blobs that are missing; existing ones stay as they are. A missing container is created.
   *
   * @param onBlob is called for each blob that is done, with whether it was added
   */
  async addMissing(
    names: AsyncIterable<string>,
    readContent: (name: string) => Promise<Uint8Array>,
    { onBlob, ...options }: RawOptions & { onBlob(isAdded: boolean): void },
  ): Promise<void> {
    await this.#container.ensure(options);
    await forEachBounded(names, blobsInFlight, async (name) => {
      onBlob(await this.#container.add(name, await readContent(name), options));
    });
  }

  /**
   * Removes the records of days before a date. Run again it goes on.
   *
   * @returns how many blobs were removed
   * @throws RangeError when it is no date
   */
  async prune(date: string, options: RawOptions): Promise<number> {
    const before = dateKey(date);
    return this.#remove('', (name) => (dateOfUsageDetails(name) ?? before) < before, options);
  }

  /**
   * Removes all blobs of a customer, whether rows belong to them or not. Run again it goes on.
   *
   * @returns how many blobs were removed
   * @throws RangeError when it cannot be a customer's id
   */
  async forget(customerId: string, options: RawOptions): Promise<number> {
    return this.#remove(`${customerKey(customerId)}/`, () => true, options);
  }

  async #remove(
    prefix: string,
    isRemoved: (name: string) => boolean,
    options: RawOptions,
  ): Promise<number> {
    let removed = 0;
    const blobs = this.#container.list(prefix, options);
    await forEachBounded(blobs, blobsInFlight, async ({ name }) => {
      if (!isRemoved(name)) return;
      await this.#container.delete(name, options);
      removed++;
    });
    return removed;
  }
}
