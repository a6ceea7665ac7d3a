import { setTimeout as delay } from 'node:timers/promises';

const dayMs = 24 * 60 * 60_000;
/** A run takes no new customer from 23:55 UTC on, and the tests take some minutes. */
const quietMs = 10 * 60_000;

/** Waits for midnight, UTC, where the tests would run into the minutes in which nothing is taken. */
export default async function waitForMidnight(): Promise<void> {
  const leftMs = dayMs - (Date.now() % dayMs);
  if (leftMs > quietMs) return;
  process.stderr.write(`waiting ${Math.ceil(leftMs / 60_000)} minutes for midnight, UTC\n`);
  await delay(leftMs + 1_000);
}
