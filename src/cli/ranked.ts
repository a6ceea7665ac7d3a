/** What `top` can rank. */
export const rankedKinds = ['customer', 'azureSubscription'] as const;
export type RankedKind = (typeof rankedKinds)[number];
