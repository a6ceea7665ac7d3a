/**
 * What caused the change of a customer's cost on a day, as text; `undefined` where that is not
 * known. It never throws.
 */
export type CausesOf = (customerId: string, date: string) => Promise<string | undefined>;
