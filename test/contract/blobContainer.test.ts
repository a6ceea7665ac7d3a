import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { AzureBlobContainer } from '../../src/storage/azureBlobContainer.ts';
import type { BlobContainer } from '../../src/storage/blobContainer.ts';
import { MemoryBlobContainer } from '../../src/storage/memoryBlobContainer.ts';

let azurite: EmbeddedAzurite;
let containers = 0;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.stop());

const makers: [string, () => BlobContainer][] = [
  ['in memory', () => new MemoryBlobContainer('some')],
  ['in the storage emulator', () => new AzureBlobContainer(`some-${++containers}`, azurite)],
];

/** Bytes that are no text in any encoding. */
const content = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31) % 256);
const other = Uint8Array.of(1, 2, 3);

describe.each(makers)('a container %s', (_, create) => {
  it('keeps bytes as they are, and replaces them', async () => {
    const container = create();
    await container.ensure();
    await container.put('a/b/2026-03-01.ndjson.gz', content);
    expect(Buffer.from((await container.get('a/b/2026-03-01.ndjson.gz')) ?? [])).toEqual(
      Buffer.from(content),
    );
    await container.put('a/b/2026-03-01.ndjson.gz', other);
    expect([...((await container.get('a/b/2026-03-01.ndjson.gz')) ?? [])]).toEqual([1, 2, 3]);
  });

  it('adds a blob only where there is none of that name', async () => {
    const container = create();
    await container.ensure();
    expect(await container.add('a', other)).toBe(true);
    expect(await container.add('a', content)).toBe(false);
    expect([...((await container.get('a')) ?? [])]).toEqual([1, 2, 3]);
  });

  it('lists by prefix and name, and removes', async () => {
    const container = create();
    await container.ensure();
    await container.ensure();
    for (const name of ['b/2', 'b/1', 'c/1']) await container.put(name, other);
    expect(await Array.fromAsync(container.list('b/'))).toEqual([
      { name: 'b/1', bytes: 3, modifiedMs: expect.any(Number) },
      { name: 'b/2', bytes: 3, modifiedMs: expect.any(Number) },
    ]);
    await container.delete('b/1');
    await container.delete('b/1');
    expect(await container.get('b/1')).toBeUndefined();
    expect(await Array.fromAsync(container.list(''))).toHaveLength(2);
  });

  it('is there once it was made', async () => {
    const container = create();
    await container.ensure();
    expect(await container.exists()).toBe(true);
  });

  it('without its container has no blobs', async () => {
    const container = create();
    expect(await container.get('a')).toBeUndefined();
    expect(await Array.fromAsync(container.list(''))).toEqual([]);
    await container.delete('a');
  });
});

describe('a container that cannot be reached', () => {
  it('says what is missing of a connection string, and no key', async () => {
    const connectionString = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0';
    const error = await new AzureBlobContainer('some', { connectionString }).get('a').catch(String);
    expect(error).toMatch(/^ConfigurationError: blob storage: /);
    expect(error).not.toContain('c2VjcmV0');
  });

  it('gets no plain http but for loopback', async () => {
    const connectionString =
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://example.com/a';
    await expect(new AzureBlobContainer('some', { connectionString }).get('a')).rejects.toThrow(
      'blob storage: expected https, or http on loopback, got http://example.com',
    );
  });

  it('says that it is not there', async () => {
    expect(await new AzureBlobContainer('missing', azurite).exists()).toBe(false);
  });

  it('names container and blob in its errors', async () => {
    const container = new AzureBlobContainer('missing', azurite);
    await expect(container.put('a/b', other)).rejects.toMatchObject({
      name: 'StorageError',
      code: 'ContainerNotFound',
      status: 404,
      message: expect.stringMatching(/^container missing, blob "a\/b": ContainerNotFound: /),
    });
  });
});
