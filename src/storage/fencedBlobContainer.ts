import type { CallOptions, Fence } from '../callOptions.ts';
import type { BlobContainer, StoredBlob } from './blobContainer.ts';

/** A container behind a fence: the fence ends each call and checks each write. */
export class FencedBlobContainer implements BlobContainer {
  readonly name: string;
  readonly #container: BlobContainer;
  readonly #fence: Fence;

  constructor(container: BlobContainer, fence: Fence) {
    this.name = container.name;
    this.#container = container;
    this.#fence = fence;
  }

  async ensure(options?: CallOptions): Promise<void> {
    return this.#container.ensure(this.#toWrite(options));
  }

  exists(options?: CallOptions): Promise<boolean> {
    return this.#container.exists(this.#toRead(options));
  }

  async put(name: string, content: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#container.put(name, content, this.#toWrite(options));
  }

  async add(name: string, content: Uint8Array, options?: CallOptions): Promise<boolean> {
    return this.#container.add(name, content, this.#toWrite(options));
  }

  get(name: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#container.get(name, this.#toRead(options));
  }

  list(prefix: string, options?: CallOptions): AsyncGenerator<StoredBlob> {
    return this.#container.list(prefix, this.#toRead(options));
  }

  async delete(name: string, options?: CallOptions): Promise<void> {
    return this.#container.delete(name, this.#toWrite(options));
  }

  #toWrite(options: CallOptions | undefined): CallOptions {
    this.#fence.assertWritable();
    return this.#toRead(options);
  }

  #toRead(options: CallOptions | undefined): CallOptions {
    return { ...options, abortSignal: this.#fence.callSignal('rows') };
  }
}
