import { buffer } from 'node:stream/consumers';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { ContainerClient, RestError, StoragePipelineOptions } from '@azure/storage-blob';
import type { CallOptions } from '../callOptions.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import { createAzureClientOptions } from '../network/azureClient.ts';
import { describeHostFailure } from '../network/knownHosts.ts';
import { isLoopback } from '../network/loopback.ts';
import { noProxyOf, type ProxyOf } from '../network/proxy.ts';
import { quote } from '../text.ts';
import type { BlobContainer, StoredBlob } from './blobContainer.ts';
import { StorageError } from './storageError.ts';

/** How to reach the blobs: by a connection string that names them, or by identity. */
export type BlobConnection =
  | { connectionString: string }
  /** Why they cannot be reached: every call says so. */
  | { problem: string }
  | { blobServiceUri: string; credential: TokenCredential };

export interface BlobContainerOptions {
  proxyOf?: ProxyOf | undefined;
  /** Longest time of one call, its tries and the waits between them included; by default none. */
  callTimeoutMs?: number | undefined;
}

/** Longest time of one try; a blob of 100,000 records has some 6 MB. */
const tryTimeoutMs = 60_000;

const cureOfForbidden =
  'needs the role Storage Blob Data Contributor on this container, which deploying again gives, ' +
  "and the way through the account's network rules";

/**
 * A container of Azure Blob Storage, or of its emulator. Failures are `StorageError`s. The SDK is
 * loaded by the first call: registering the functions does not wait for it.
 */
export class AzureBlobContainer implements BlobContainer {
  readonly name: string;
  readonly #connection: BlobConnection;
  readonly #proxyOf: ProxyOf;
  readonly #callTimeoutMs: number | undefined;
  #client: Promise<ContainerClient> | undefined;

  constructor(
    name: string,
    connection: BlobConnection,
    { proxyOf = noProxyOf, callTimeoutMs }: BlobContainerOptions = {},
  ) {
    this.name = name;
    this.#connection = connection;
    this.#proxyOf = proxyOf;
    this.#callTimeoutMs = callTimeoutMs;
  }

  async ensure(options?: CallOptions): Promise<void> {
    await this.#call(undefined, options, (client, call) => client.createIfNotExists(call));
  }

  exists(options?: CallOptions): Promise<boolean> {
    return this.#call(undefined, options, (client, call) => client.exists(call));
  }

  async put(name: string, content: Uint8Array, options?: CallOptions): Promise<void> {
    await this.#upload(name, content, {}, options);
  }

  async add(name: string, content: Uint8Array, options?: CallOptions): Promise<boolean> {
    try {
      await this.#upload(name, content, { ifNoneMatch: '*' }, options);
      return true;
    } catch (error) {
      if (isStatus(error, 409) || isStatus(error, 412)) return false;
      throw error;
    }
  }

  async get(name: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    try {
      return await this.#call(name, options, async (client, call) => {
        const blob = client.getBlobClient(name);
        const { readableStreamBody } = await blob.download(0, undefined, call);
        return readableStreamBody && (await buffer(readableStreamBody));
      });
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async *list(prefix: string, options: CallOptions = {}): AsyncGenerator<StoredBlob> {
    const client = await this.#open();
    try {
      for await (const { name, properties } of client.listBlobsFlat({
        prefix,
        ...signalOf(options),
      })) {
        const { contentLength: bytes = 0, lastModified } = properties;
        yield { name, bytes, modifiedMs: lastModified.getTime() };
      }
    } catch (error) {
      const failure = this.#failureOf(error, undefined, options);
      if (!isStatus(failure, 404)) throw failure;
    }
  }

  async delete(name: string, options?: CallOptions): Promise<void> {
    try {
      await this.#call(name, options, (client, call) =>
        client.getBlobClient(name).delete({ deleteSnapshots: 'include', ...call }),
      );
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }

  async #upload(
    name: string,
    content: Uint8Array,
    conditions: { ifNoneMatch?: string },
    options: CallOptions | undefined,
  ): Promise<void> {
    const blobHTTPHeaders = { blobContentType: 'application/x-ndjson+gzip' };
    await this.#call(name, options, (client, call) =>
      client.getBlockBlobClient(name).upload(Buffer.from(content), content.length, {
        blobHTTPHeaders,
        conditions,
        ...call,
      }),
    );
  }

  async #call<Result>(
    blob: string | undefined,
    options: CallOptions | undefined,
    send: (client: ContainerClient, call: Signalled) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.#open();
    const ms = this.#callTimeoutMs;
    const limit = ms === undefined ? undefined : AbortSignal.timeout(ms);
    const signals = [options?.abortSignal, limit].filter((signal) => signal !== undefined);
    try {
      return await send(client, { abortSignal: AbortSignal.any(signals) });
    } catch (error) {
      if (!limit?.aborted || options?.abortSignal?.aborted) {
        throw this.#failureOf(error, blob, options);
      }
      const url = new URL(client.url);
      const isByProxy = this.#proxyOf(url) !== undefined;
      const why = describeHostFailure(`no answer within ${Number(ms) / 1000} s`, url, isByProxy);
      const place = { container: this.name, ...(blob !== undefined && { blob }) };
      throw new StorageError('ETIMEDOUT', place, `ETIMEDOUT: ${why}`, { cause: error });
    }
  }

  #failureOf(error: unknown, blob: string | undefined, options: CallOptions = {}): unknown {
    if (options.abortSignal?.aborted) return options.abortSignal.reason;
    const { statusCode: status, code: named, details } = error as Partial<RestError>;
    const said = (details as { errorCode?: unknown } | undefined)?.errorCode;
    const code =
      [said, named].find(isCode) ?? (status === undefined ? 'STORAGE' : `HTTP_${status}`);
    // The lines after the first are the service's request id and time.
    const [sentence = ''] = messageOf(error).split('\n');
    const place = { container: this.name, ...(blob !== undefined && { blob }) };
    const cure = status === 403 ? `; ${cureOfForbidden}` : '';
    const message = `${code}: ${quote(sentence)}${cure}`;
    return new StorageError(code, place, message, { status, cause: error });
  }

  #open(): Promise<ContainerClient> {
    this.#client ??= this.#create();
    return this.#client;
  }

  async #create(): Promise<ContainerClient> {
    const connection = this.#connection;
    if ('problem' in connection) throw new ConfigurationError([connection.problem]);
    const { BlobServiceClient, StorageRetryPolicyType } = await import('@azure/storage-blob');
    const { toHttpHeadersLike } = await import('@azure/core-http-compat');
    const { httpClient, proxyOptions } = createAzureClientOptions({
      proxyOf: this.#proxyOf,
      timeoutMs: tryTimeoutMs,
    });
    const options: StoragePipelineOptions = {
      proxyOptions,
      // This SDK still has the interfaces of its first version.
      httpClient: {
        async sendRequest(resource) {
          const { url, method, body, abortSignal, streamResponseStatusCodes } = resource;
          const request = createPipelineRequest({
            ...{ url, method, body, headers: createHttpHeaders(resource.headers.toJson()) },
            ...(abortSignal && { abortSignal }),
            ...(streamResponseStatusCodes && { streamResponseStatusCodes }),
            // Plain http is accepted for loopback only, below.
            allowInsecureConnection: true,
          });
          const response = await httpClient.sendRequest(request);
          return { ...response, request: resource, headers: toHttpHeadersLike(response.headers) };
        },
      },
      retryOptions: {
        maxTries: 5,
        retryDelayInMs: 500,
        maxRetryDelayInMs: 10_000,
        retryPolicyType: StorageRetryPolicyType.EXPONENTIAL,
      },
    };
    let service: InstanceType<typeof BlobServiceClient>;
    try {
      service =
        'connectionString' in connection
          ? BlobServiceClient.fromConnectionString(connection.connectionString, options)
          : new BlobServiceClient(connection.blobServiceUri, connection.credential, options);
    } catch (error) {
      // The SDK's message about a connection string names the missing part, and contains no key.
      throw new ConfigurationError(
        [`blob storage: expected a connection string that names it, got: ${messageOf(error)}`],
        { cause: error },
      );
    }
    const url = new URL(service.url);
    if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
      throw new ConfigurationError([
        `blob storage: expected https, or http on loopback, got ${url.protocol}//${url.hostname}`,
      ]);
    }
    return service.getContainerClient(this.name);
  }
}

type Signalled = { abortSignal?: AbortSignal };

function signalOf({ abortSignal }: CallOptions = {}): Signalled {
  return abortSignal ? { abortSignal } : {};
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof StorageError && error.status === status;
}

function isCode(name: unknown): name is string {
  return typeof name === 'string' && /^\w{1,60}$/.test(name);
}
