import type { EventLog } from '../telemetry/eventLog.ts';
import type { UnreadableField } from '../usage/unreadableField.ts';

interface Finding {
  customers: Set<string>;
  /** Of the first one: what stood there. */
  example: string;
}

/** Collects the fields of a run's answers that could not be read, to report each field once. */
export class FieldReport {
  readonly #byField = new Map<string, Finding>();

  /** @param fields of one answer about the customer; absent where all could be read */
  note(customerId: string, fields: readonly UnreadableField[] = []): void {
    for (const { field, kind } of fields) {
      const finding = this.#byField.get(field) ?? { customers: new Set(), example: kind };
      this.#byField.set(field, finding);
      finding.customers.add(customerId);
    }
  }

  /**
   * Reports each field, with the number of customers, and begins anew.
   *
   * @param counts.unfamiliarNoUsage answers of code 3000 whose text is not known
   */
  emit(events: EventLog, { unfamiliarNoUsage }: { unfamiliarNoUsage: number }): void {
    for (const [field, { customers, example }] of this.#byField) {
      events.emit('snapshot.field.unreadable', { field, customers: customers.size, example });
    }
    this.#byField.clear();
    if (unfamiliarNoUsage === 0) return;
    events.emit('snapshot.field.unreadable', {
      field: 'description',
      customers: unfamiliarNoUsage,
      example: 'a text of code 3000 that is not known, taken for "no usage data"',
    });
  }
}
