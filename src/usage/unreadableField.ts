/** An optional field of an answer that could not be read, and was left out. */
export interface UnreadableField {
  /** The API's own name; of a part its path: `budget.amount`. */
  field: string;
  /** What kind of value was there, never its text: `an empty string`, `a date before 2010`. */
  kind: string;
}
