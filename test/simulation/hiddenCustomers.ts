/** Customers that a list which was read to its end kept silent about, for a while. */
export interface HiddenCustomers {
  fromMs: number;
  toMs: number;
  /** Ids that the customer list left out, without a word. */
  fromList: ReadonlySet<string>;
  /** Ids that the usage records left out, without a word. */
  fromRecords: ReadonlySet<string>;
}
