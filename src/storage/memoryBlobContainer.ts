import type { BlobContainer, StoredBlob } from './blobContainer.ts';

/** A container in memory. */
export class MemoryBlobContainer implements BlobContainer {
  readonly name: string;
  readonly #blobs = new Map<string, Uint8Array>();

  constructor(name: string) {
    this.name = name;
  }

  async ensure(): Promise<void> {}

  async put(name: string, content: Uint8Array): Promise<void> {
    this.#blobs.set(name, content);
  }

  async add(name: string, content: Uint8Array): Promise<boolean> {
    if (this.#blobs.has(name)) return false;
    this.#blobs.set(name, content);
    return true;
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.#blobs.get(name);
  }

  /** The blob, at once. */
  peek(name: string): Uint8Array | undefined {
    return this.#blobs.get(name);
  }

  async *list(prefix: string): AsyncGenerator<StoredBlob> {
    const names = [...this.#blobs.keys()].filter((name) => name.startsWith(prefix)).sort();
    for (const name of names) {
      const content = this.#blobs.get(name);
      if (content) yield { name, bytes: content.length };
    }
  }

  async delete(name: string): Promise<void> {
    this.#blobs.delete(name);
  }
}
