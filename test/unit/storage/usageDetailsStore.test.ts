import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemoryBlobContainer } from '../../../src/storage/memoryBlobContainer.ts';
import { UsageDetailsStore } from '../../../src/storage/usageDetailsStore.ts';

const day = { customerId: 'c', subscriptionId: 'p', snapshotDate: '2026-03-20' };

async function linesOf(...members: string[]): Promise<string[] | undefined> {
  const store = new UsageDetailsStore(new MemoryBlobContainer('usage-details'));
  await store.write(day, Buffer.concat(members.map((text) => gzipSync(text))));
  const lines = await store.readLines(day);
  return lines && Array.fromAsync(lines);
}

describe('the lines of a day', () => {
  it('are whole, also where they are longer than what is unpacked at a time', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `{"ä":${'€'.repeat(index % 97)}}`);
    lines.push('x'.repeat(100_000));
    const members = [lines.slice(0, 1_500), lines.slice(1_500)].map(
      (part) => `${part.join('\n')}\n`,
    );
    expect(await linesOf(...members)).toEqual(lines);
  });

  it('may end without a line break', async () => {
    expect(await linesOf('a\nb')).toEqual(['a', 'b']);
  });

  it('are nothing of a day without a blob', async () => {
    const store = new UsageDetailsStore(new MemoryBlobContainer('usage-details'));
    expect(await store.readLines(day)).toBeUndefined();
  });
});
