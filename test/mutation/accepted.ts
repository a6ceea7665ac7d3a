/** A mutant that no test can notice, and why. */
export interface AcceptedSurvivor {
  file: string;
  /** The whole line, without its indent. */
  line: string;
  /** What stands in place of a part of it. */
  replacement: string;
  why: string;
}

export const acceptedSurvivors: readonly AcceptedSurvivor[] = [
  {
    file: 'src/alerts/budgetRules.ts',
    line: "return threshold === highest && threshold > highestKnown ? 'raised' : 'covered';",
    replacement: 'threshold >= highestKnown',
    why: 'A fresh threshold is none of the known ones, so the two are never equal.',
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
];
