export const plans = ['azurePlan', 'payAsYouGo'] as const;

/** How a customer buys Azure: the plan of the new commerce, or the legacy MS-AZR-0145P kind. */
export type Plan = (typeof plans)[number];

/** Product id of the Azure plan; offer ids are `DZH318Z0BPS6:<sku>:<availability>`. */
const azurePlanPrefix = 'DZH318Z0BPS6:';
/** MS-AZR-0145P, its sandbox variant (0146P) and those of the national clouds (MS-AZR-USGOV-…). */
const payAsYouGoPrefix = 'MS-AZR-';

/** The plan an offer id stands for; `undefined` for licences, reservations and the like. */
export function planOfOffer(offerId: string | undefined): Plan | undefined {
  const offer = offerId?.toUpperCase() ?? '';
  if (offer.startsWith(azurePlanPrefix)) return 'azurePlan';
  return offer.startsWith(payAsYouGoPrefix) ? 'payAsYouGo' : undefined;
}

/** The plan a usage figure belongs to: only Azure plan figures carry a currency code. */
export function planOfFigures(figures: { currencyCode?: string | undefined }): Plan {
  return figures.currencyCode === undefined ? 'payAsYouGo' : 'azurePlan';
}
