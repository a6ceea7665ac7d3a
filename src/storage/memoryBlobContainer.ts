import { systemClock } from '../clock.ts';
import type { BlobContainer, StoredBlob } from './blobContainer.ts';

/** A container in memory. */
export class MemoryBlobContainer implements BlobContainer {
  readonly name: string;
  readonly #blobs = new Map<string, { content: Uint8Array; modifiedMs: number }>();

  constructor(name: string) {
    this.name = name;
  }

  async ensure(): Promise<void> {}

  async exists(): Promise<boolean> {
    return true;
  }

  async put(name: string, content: Uint8Array): Promise<void> {
    this.#blobs.set(name, { content, modifiedMs: systemClock.now() });
  }

  async add(name: string, content: Uint8Array): Promise<boolean> {
    if (this.#blobs.has(name)) return false;
    await this.put(name, content);
    return true;
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.#blobs.get(name)?.content;
  }

  /** The blob, at once. */
  peek(name: string): Uint8Array | undefined {
    return this.#blobs.get(name)?.content;
  }

  async *list(prefix: string): AsyncGenerator<StoredBlob> {
    const names = [...this.#blobs.keys()].filter((name) => name.startsWith(prefix)).sort();
    for (const name of names) {
      const blob = this.#blobs.get(name);
      if (blob) yield { name, bytes: blob.content.length, modifiedMs: blob.modifiedMs };
    }
  }

  async delete(name: string): Promise<void> {
    this.#blobs.delete(name);
  }
}
