import type { Entity } from '../../src/storage/columns.ts';
import { type CalmNightOptions, runCalmNight } from './calmNight.ts';
import type { Tamper } from './ledger.ts';
import type { TableName } from './weather.ts';
import type { World } from './world.ts';

/** Of the calm night, unless it is said otherwise. */
export const date = '2026-03-10';

/** The promises that a night with something done to it is found to break. */
export async function brokenBy(options: CalmNightOptions): Promise<string[]> {
  const { violations } = await runCalmNight(options);
  return [...new Set(violations.map(({ invariant }) => invariant))].sort();
}

/** Changes the first row that fits: to others, or to none. */
export function once(
  table: TableName,
  fits: (row: Entity) => boolean,
  change: (row: Entity) => Entity[],
): Tamper {
  let isDone = false;
  return (of, rows) =>
    rows.flatMap((row) => {
      if (isDone || of !== table || !fits(row)) return [row];
      isDone = true;
      return change(row);
    });
}

export const isOf = (resource: string) => (row: Entity) => row['resource'] === resource;
export const hasUsage = (row: Entity) => row['outcome'] === 'usage';

export function firstUsageRow({ ledger }: World): Entity {
  const row = [...ledger.partition('UsageByDay', date).values()].find(hasUsage);
  if (!row) throw new Error('expected a customer with usage');
  return row;
}

export function changeLastDigit(literal: string): string {
  return literal.slice(0, -1) + ((Number(literal.at(-1)) + 1) % 10);
}
