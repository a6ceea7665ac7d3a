import type { CallOptions } from '../../src/callOptions.ts';
import type { BlobContainer, StoredBlob } from '../../src/storage/blobContainer.ts';
import { StorageError } from '../../src/storage/storageError.ts';
import type { VirtualClock } from '../support/virtualClock.ts';
import type { Lifeline } from './lifeline.ts';
import type { Weather } from './weather.ts';

export interface ProcessBlobsOptions {
  blobs: BlobContainer;
  lifeline: Lifeline;
  weather: Weather;
  clock: VirtualClock;
}

/** The blobs as one process reaches them; the weather is that of the table beside them. */
export class ProcessBlobs implements BlobContainer {
  readonly name: string;
  readonly #options: ProcessBlobsOptions;

  constructor(options: ProcessBlobsOptions) {
    this.#options = options;
    this.name = options.blobs.name;
  }

  ensure(options?: CallOptions): Promise<void> {
    return this.#call(options, () => this.#options.blobs.ensure());
  }

  exists(options?: CallOptions): Promise<boolean> {
    return this.#call(options, () => this.#options.blobs.exists());
  }

  put(name: string, content: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#call(options, () => this.#options.blobs.put(name, content));
  }

  add(name: string, content: Uint8Array, options?: CallOptions): Promise<boolean> {
    return this.#call(options, () => this.#options.blobs.add(name, content));
  }

  get(name: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#call(options, () => this.#options.blobs.get(name));
  }

  list(prefix: string): AsyncGenerator<StoredBlob> {
    return this.#options.blobs.list(prefix);
  }

  delete(name: string, options?: CallOptions): Promise<void> {
    return this.#call(options, () => this.#options.blobs.delete(name));
  }

  #call<Result>({ abortSignal }: CallOptions = {}, act: () => Promise<Result>): Promise<Result> {
    const { weather, clock, lifeline, blobs } = this.#options;
    abortSignal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const onAbort = () => reject(abortSignal?.reason);
    abortSignal?.addEventListener('abort', onAbort, { once: true });
    const work = async () => {
      const fault = weather.strike('UsageByAzureSubscription', ['busy', 'lost']);
      await clock.sleep(weather.delayMs(fault), fault === 'hang' ? abortSignal : undefined);
      const error = () =>
        new StorageError('ServerBusy', { container: blobs.name }, `simulated: ${fault}`);
      if (fault !== undefined && fault !== 'lost') throw error();
      const isGivenUp = lifeline.isDead || abortSignal?.aborted === true;
      if (isGivenUp && !weather.arrivesPosthumously()) throw error();
      const result = await act();
      if (fault === 'lost') throw error();
      return result;
    };
    const stopListening = () => abortSignal?.removeEventListener('abort', onAbort);
    lifeline.pass('table', work).then(resolve, reject).then(stopListening, stopListening);
    return promise;
  }
}
