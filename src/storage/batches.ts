import type { Entity } from './columns.ts';

/** The parts of a row that its size depends on. */
interface SizedEntity {
  partitionKey: string;
  rowKey: string;
  [column: string]: string | boolean | { value: string | number };
}

export interface BatchLimits {
  maxEntities: number;
  maxBytes: number;
}

/**
 * Table Storage: a transaction holds at most 100 entities and 4 MiB. Half a MiB stays free, since
 * the size is an estimate.
 */
export const transactionLimits: BatchLimits = { maxEntities: 100, maxBytes: 3.5 * 1024 * 1024 };

/** Boundaries, request line and headers of one entity's part of a transaction; 450 are usual. */
const partOverheadBytes = 1_024;
/** A quote in a key is doubled and percent-encoded: 6 bytes. Nothing else grows more. */
const largestKeyGrowth = 6;
/** `"<name>":,"<name>@odata.type":"Edm.Double"` without the names. */
const columnOverheadBytes = 48;

/**
 * Splits rows of one partition into transactions. Of two rows with the same key only the later is
 * kept. An entity beyond the limit gets a transaction of its own.
 */
export function splitIntoBatches(
  entities: Iterable<Entity>,
  limits: BatchLimits = transactionLimits,
): Entity[][] {
  const byRowKey = new Map<string, Entity>();
  for (const entity of entities) byRowKey.set(entity.rowKey, entity);
  if (isRoomFor(byRowKey, limits)) return byRowKey.size > 0 ? [[...byRowKey.values()]] : [];
  const batches: Entity[][] = [];
  let batch: Entity[] = [];
  let bytes = 0;
  for (const entity of byRowKey.values()) {
    const added = estimateBytes(entity);
    const isFull = batch.length === limits.maxEntities || bytes + added > limits.maxBytes;
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(entity);
    bytes += added;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Of a control character, escaped as `\u001f`; no other UTF-16 unit takes more bytes. */
const largestUnitBytes = 6;

/** Whether rows certainly fit in one transaction, without computing their exact sizes. */
function isRoomFor(rows: ReadonlyMap<string, Entity>, limits: BatchLimits): boolean {
  if (rows.size > limits.maxEntities) return false;
  let bytes = 0;
  for (const row of rows.values()) {
    bytes += partOverheadBytes;
    for (const name of Object.keys(row)) {
      const value = row[name] ?? '';
      const length = typeof value === 'object' ? String(value.value).length : String(value).length;
      const growth = name === 'partitionKey' || name === 'rowKey' ? largestKeyGrowth * 3 : 0;
      bytes += 6 * name.length + (growth + largestUnitBytes) * length + columnOverheadBytes;
    }
    if (bytes > limits.maxBytes) return false;
  }
  return true;
}

/** Bytes of an entity's part of a transaction, in UTF-8 and with JSON's escapes; never too few. */
export function estimateBytes(entity: SizedEntity): number {
  const { partitionKey, rowKey, ...columns } = entity;
  let bytes = partOverheadBytes;
  for (const key of [partitionKey, rowKey]) {
    bytes += Buffer.byteLength(key) * largestKeyGrowth + Buffer.byteLength(JSON.stringify(key));
  }
  for (const [name, value] of Object.entries(columns)) {
    const text = typeof value === 'object' ? String(value.value) : JSON.stringify(value);
    bytes += 2 * Buffer.byteLength(name) + Buffer.byteLength(text) + columnOverheadBytes;
  }
  return bytes;
}
