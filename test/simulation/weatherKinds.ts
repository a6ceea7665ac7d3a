/**
 * How probable each kind of weather is, 0 to 1; 0 switches it off and changes nothing for the
 * others. What a kind does is said where it is made.
 */
export const defaultOdds = {
  // With each change of the weather, until the next one.
  falseEnd: 0.6,
  refusedLaterPage: 0.04,
  refusedRecords: 0.04,
  refusedPartnerSummary: 0.04,
  twoRecords: 0.05,
  noRelationship: 0.04,
  rewordedNoUsage: 0.04,
  noContent: 0.04,
  unauthorizedCustomer: 0.04,
  deadSignIn: 0.02,
  gone: 0.03,
  oddStatus: 0.06,
  strangeDates: 0.06,
  strangeUsdCost: 0.04,
  strangeBudget: 0.04,
  noLastModified: 0.03,
  noNames: 0.04,
  pascalCase: 0.03,
  emptyCurrencyCode: 0.04,
  longPause: 0.02,
  longServerError: 0.03,
  datedPause: 0.03,
  pauseInMilliseconds: 0.03,

  // For all dates of a night, calm hours included.
  /** Of partners with more than one whole page. */
  lastingFalseEnd: 0.25,
  lastingRefusedLaterPage: 0.008,
  lastingRefusedRecords: 0.008,
  lastingRefusedPartnerSummary: 0.01,
  lastingNoRelationship: 0.01,
  lastingUnauthorizedCustomer: 0.012,
  lastingRewordedNoUsage: 0.006,
  lastingNoContent: 0.01,
  lastingGone: 0.008,
  lastingFailure: 0.012,
  lastingRefusals: 0.012,

  // For the rest of a date.
  lateFigures: 0.25,

  // For some minutes of a date.
  hangingTable: 0.12,

  // For the life of a process: its clock is up to five minutes off.
  processClock: 0.3,
};

export type Odds = Readonly<typeof defaultOdds>;
export type WeatherKind = keyof Odds;
export type LastingKind = Extract<WeatherKind, `lasting${string}`>;

/**
 * The odds with some changed: `falseEnd=0,processClock=0.5`.
 *
 * @throws RangeError for a kind that there is not, and for what is no probability
 */
export function parseOdds(list: string): Odds {
  const odds = { ...defaultOdds };
  for (const part of list.split(',').filter((each) => each !== '')) {
    const [kind = '', text = ''] = part.split('=');
    const probability = Number(text);
    if (!Object.hasOwn(odds, kind)) throw new RangeError(`unknown kind of weather "${kind}"`);
    if (text === '' || !(probability >= 0 && probability <= 1)) {
      throw new RangeError(`${kind}: expected 0 to 1, got "${text}"`);
    }
    Object.assign(odds, { [kind]: probability });
  }
  return odds;
}
