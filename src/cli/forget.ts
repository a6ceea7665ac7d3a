import type { CustomerRows } from '../app/openTables.ts';
import { quote } from '../text.ts';
import type { Answers } from './confirmation.ts';
import { requireId } from './customerName.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type RemovalOptions, removeRows } from './removal.ts';
import type { ExitCode } from './terminal.ts';

/** Removes every row and blob of a customer, which has to be named by its GUID. */
export async function forget(
  customer: string,
  options: RemovalOptions,
  answers?: Answers,
): Promise<ExitCode> {
  const customerId = await requireId(customer, openRecordedHistory());
  const removed = {
    what: `rows of customer ${customerId}`,
    notes: [
      'Totals stay, which name no customer, and runs, whose errors lose its id.',
      'Where the account keeps deleted blobs for some days, they can be restored until then.',
      'If Partner Center still lists the customer, the next night records it again.',
    ],
    head: { customerId },
    describe: async (archive, rowOptions) =>
      describeRows(await archive.inspectCustomer(customerId, rowOptions)),
    remove: (archive, rowOptions) => archive.forget(customerId, rowOptions),
    removeBlobs: (details, blobOptions) => details.forget(customerId, blobOptions),
  } satisfies Parameters<typeof removeRows>[0];
  return await removeRows(removed, options, answers);
}

/** Whether it is the right customer is seen by its name and dates. */
function describeRows({ name, rows, first, last }: CustomerRows): string {
  if (rows === 0) return 'There are no rows of it.';
  const named = name === undefined ? 'Its name is not recorded' : `It is ${quote(name)}`;
  return `${named}: ${rows} rows, recorded from ${first} to ${last}.`;
}
