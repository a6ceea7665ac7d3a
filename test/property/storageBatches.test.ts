import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateBytes, splitIntoBatches } from '../../src/storage/batches.ts';
import type { Entity } from '../../src/storage/columns.ts';

const entity: fc.Arbitrary<Entity> = fc.record({
  partitionKey: fc.constant('p'),
  rowKey: fc.integer({ min: 0, max: 60 }).map(String),
  text: fc.string({ unit: 'binary', maxLength: 400 }),
});
const limits = fc.record({
  maxEntities: fc.integer({ min: 1, max: 20 }),
  maxBytes: fc.integer({ min: 1_500, max: 20_000 }),
});

test('every row is in exactly one transaction, as it was given last', () => {
  fc.assert(
    fc.property(fc.array(entity, { maxLength: 100 }), limits, (entities, limit) => {
      const kept = splitIntoBatches(entities, limit).flat();
      const last = new Map(entities.map((each) => [each.rowKey, each]));
      expect(new Map(kept.map((each) => [each.rowKey, each]))).toEqual(last);
      expect(kept).toHaveLength(last.size);
    }),
  );
});

test('no transaction is empty or beyond a limit, but for a row that is so alone', () => {
  fc.assert(
    fc.property(fc.array(entity, { maxLength: 100 }), limits, (entities, limit) => {
      for (const batch of splitIntoBatches(entities, limit)) {
        const bytes = batch.reduce((sum, each) => sum + estimateBytes(each), 0);
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(limit.maxEntities);
        expect(bytes <= limit.maxBytes || batch.length === 1).toBe(true);
      }
    }),
  );
});

test('the same rows are always split the same way', () => {
  fc.assert(
    fc.property(fc.array(entity, { maxLength: 100 }), limits, (entities, limit) => {
      expect(splitIntoBatches(entities, limit)).toEqual(splitIntoBatches(entities, limit));
    }),
  );
});
