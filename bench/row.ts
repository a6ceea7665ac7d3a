/** One thing that is measured. */
export interface BenchRow {
  /** As it is named on the command line: kebab-case. */
  name: string;
  /** Measures; what takes long may say on stderr how far it is. */
  measure(): Promise<BenchFigure[]>;
}

/** A line of the result. */
export interface BenchFigure {
  /** What was measured, under which conditions. */
  what: string;
  /** With its unit; absent of a figure that only stands beside others. */
  target?: string;
  /** With its unit. */
  measured: string;
  /** Whether the target is met; absent without one. */
  isMet?: boolean;
  /** What the figure was computed from, for `--json`. */
  details?: Record<string, unknown>;
}
