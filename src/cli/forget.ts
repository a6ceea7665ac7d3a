import type { Answers } from './confirmation.ts';
import { type RemovalOptions, removeRows } from './removal.ts';
import type { ExitCode } from './terminal.ts';

/** Removes every row of a customer. */
export async function forget(
  customerId: string,
  options: RemovalOptions,
  answers?: Answers,
): Promise<ExitCode> {
  const removed = {
    what: `rows of customer ${customerId}`,
    notes: [
      "Totals and runs stay, they hold no customer's name or figures.",
      'If Partner Center still lists the customer, the next night records it again.',
    ],
    head: { customerId },
    remove: (archive, rowOptions) => archive.forget(customerId, rowOptions),
  } satisfies Parameters<typeof removeRows>[0];
  return await removeRows(removed, options, answers);
}
