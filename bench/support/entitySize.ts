/** A row as sent to the table service: JSON with type annotations where needed. */
export type SentEntity = { PartitionKey: string; RowKey: string } & Record<string, unknown>;

/** The billed size of a row, in bytes. */
export interface EntitySize {
  bytes: number;
  /** Of these: bodies as they were received. */
  receivedBytes: number;
}

const typeSuffix = '@odata.type';

const bytesByType: Record<string, number> = {
  'Edm.Double': 8,
  'Edm.DateTime': 8,
  'Edm.Int64': 8,
  'Edm.Int32': 4,
};

/**
 * Microsoft, 2011: "How the size of an entity is calculated in Windows Azure table storage". The
 * time stamp is in the first 4 bytes.
 */
export function entitySizeOf({ PartitionKey, RowKey, ...columns }: SentEntity): EntitySize {
  const size = { bytes: 4 + 2 * (PartitionKey.length + RowKey.length), receivedBytes: 0 };
  for (const [name, value] of Object.entries(columns)) {
    if (name.endsWith(typeSuffix)) continue;
    const bytes = 8 + 2 * name.length + valueSizeOf(name, value, columns[name + typeSuffix]);
    size.bytes += bytes;
    if (name === 'raw' || name === 'rawUsageRecord') size.receivedBytes += bytes;
  }
  return size;
}

function valueSizeOf(name: string, value: unknown, type: unknown): number {
  const bytes = bytesByType[String(type)];
  if (bytes !== undefined) return bytes;
  if (type === undefined && typeof value === 'boolean') return 1;
  if (type === undefined && typeof value === 'string') return 2 * value.length + 4;
  throw new Error(`expected a column whose size is known, got ${name}: ${type ?? typeof value}`);
}
