/** A mutant that no test can notice, and why. */
export interface AcceptedSurvivor {
  file: string;
  /** The whole line, without its indent. */
  line: string;
  /** What stands in place of a part of it. */
  replacement: string;
  why: string;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a line as it stands in the code.
const noDay = 'if (!item) throw new RangeError(`expected a day, got none of ${snapshotDate}`);';

export const acceptedSurvivors: readonly AcceptedSurvivor[] = [
  {
    file: 'src/alerts/budgetRules.ts',
    line: "return threshold === highest && threshold > highestKnown ? 'raised' : 'covered';",
    replacement: 'threshold >= highestKnown',
    why: 'A fresh threshold is none of the known ones, so the two are never equal.',
  },
  {
    file: 'src/alerts/budgetWatch.ts',
    line: 'const crossed = evaluateBudget(position, { ...options, existing: [] });',
    replacement: '["Stryker was here"]',
    why: 'A text has neither the kind nor the threshold of an alert that is there.',
  },
  {
    file: 'src/network/retryAfter.ts',
    line: 'if (value !== undefined && /^\\d+(?:\\.\\d+)?$/.test(value)) return Math.ceil(Number(value));',
    replacement: 'true',
    why: 'The pattern takes no "undefined"; the condition is for the compiler.',
  },
  {
    file: 'src/network/retryAfter.ts',
    line: 'if (!value) return undefined;',
    replacement: 'false',
    why: 'Neither pattern takes "", and the date "undefined" is none.',
  },
  {
    file: 'src/partner-center/gate.ts',
    line: 'const answers = this.#bound * (this.#bound < this.#safeBound ? upToSafe : beyond);',
    replacement: 'this.#bound <= this.#safeBound',
    why: 'The bound meets the safe one by chance alone, and grows by one answer sooner then.',
  },
  {
    file: 'src/partner-center/gate.ts',
    line: 'reject(signal?.reason);',
    replacement: 'signal.reason',
    why: 'It is the signal that calls this.',
  },
  {
    file: 'src/partner-center/gate.ts',
    line: 'if (!free || (limited && limited.order < free.order)) {',
    replacement: 'limited.order <= free.order',
    why: 'No place in the order of arrival is given twice.',
  },
  {
    file: 'src/partner-center/gate.ts',
    line: 'this.#oldestStart = (this.#oldestStart + 1) % this.#limitedStartsMs.length;',
    replacement: 'this.#oldestStart - 1',
    why: 'Backwards a ring has as many slots.',
  },
  {
    file: 'src/partner-center/gate.ts',
    line: 'if (queue.every(canWait)) continue;',
    replacement: 'false',
    why: 'A queue of those who all can wait is written anew as it was.',
  },
  {
    file: 'src/partner-center/gate.ts',
    line: 'if (this.#wake?.atMs === atMs) return;',
    replacement: 'false',
    why: 'A timer for the same instant takes the place of the one that is set.',
  },
  {
    file: 'src/partner-center/list.ts',
    line: 'if (second.problems.length > problems.length) problems = second.problems;',
    replacement: 'second.problems.length >= problems.length',
    why: 'Of equally many problems either reading names the first.',
  },
  {
    file: 'src/partner-center/list.ts',
    line: '} catch {',
    replacement: '{}',
    why: 'A function that returns nothing returns `undefined`.',
  },
  {
    file: 'src/partner-center/list.ts',
    line: 'const streamed = { ...call, ...location, ...accepts, isStreamed: true };',
    replacement: 'false',
    why: 'A list that is read as a whole is the same list; only its memory is more, which is measured.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: noDay,
    replacement: 'false',
    why: 'The day itself is among the items up to it; the condition is for the compiler.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: noDay,
    replacement: ';',
    why: 'The day itself is among the items up to it; the condition is for the compiler.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: 'const currency = figures?.currency ?? lastFreshOf(items)?.figures?.currency;',
    replacement: 'lastFreshOf(items)?.figures.currency',
    why: 'What it finds has figures.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: 'isWorth || hasBudget ? computeOutlooks(items, { ...options, from: snapshotDate }) : [];',
    replacement: 'true',
    why: 'An outlook that nobody asks for takes time and changes nothing.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: 'isWorth || hasBudget ? computeOutlooks(items, { ...options, from: snapshotDate }) : [];',
    replacement: '["Stryker was here"]',
    why: 'A text has neither an anomaly nor a forecast.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: 'if (dailyCost === null) return false;',
    replacement: 'false',
    why: 'A day without a cost covers no days, so there is no verdict on it.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: 'if (dailyCost === null) return false;',
    replacement: 'true',
    why: 'A day without a cost covers no days, so there is no verdict on it.',
  },
  {
    file: 'src/usage/assessment.ts',
    line: 'const begin = figures ? period?.start : lastFreshOf(items)?.period?.end;',
    replacement: 'period.start',
    why: 'Figures with a cost are of a period.',
  },
];
