import type { NightReport } from './faultNight.ts';

/** Adds up nights. */
export class Summary {
  violations = 0;
  #nights = 0;
  #dates = 0;
  #customers = 0;
  readonly #counts = new Map<string, number>();

  add({ customers, dates, counts }: NightReport): void {
    this.#nights++;
    this.#dates += dates;
    this.#customers += customers;
    this.violations += counts['violations'] ?? 0;
    for (const [name, count] of Object.entries(counts)) {
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
    }
  }

  text(): string {
    const of = (name: string) => this.#counts.get(name) ?? 0;
    return [
      `nights: ${this.#nights}, with ${this.#dates} days and ${this.#customers} customers`,
      `days: ${this.#group('days')}, with ${of('details.plans')} plans in detail`,
      `requests: ${of('requests')}, refresh tokens stored: ${of('rotations')}`,
      `processes: ${of('processes')}, of which catch-ups: ${of('catchUps')}`,
      `runs: ${this.#group('runs')}`,
      `faults of the API: ${this.#group('api')}`,
      `weather of the API: ${this.#group('weather')}`,
      `faults of the storage: ${this.#group('storage')}`,
      `faults of processes: ${this.#group('process')}`,
      `events: ${this.#group('events')}`,
      `violations by promise: ${this.#group('violations')}`,
      `${this.violations} violations`,
    ].join('\n');
  }

  #group(name: string): string {
    const prefix = `${name}.`;
    const counts = [...this.#counts]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, count]) => `${key.slice(prefix.length)} ${count}`);
    return counts.join(', ') || 'none';
  }
}
