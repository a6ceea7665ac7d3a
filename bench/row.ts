/** One thing that is measured. */
export interface BenchRow {
  /** As it is named on the command line: kebab-case. */
  name: string;
  /** Measures; a long measurement may print its progress on stderr. */
  measure(): Promise<BenchFigure[]>;
}

/** A line of the result. */
export interface BenchFigure {
  /** What was measured, and under which conditions. */
  what: string;
  /** With its unit; absent where the figure is only for comparison. */
  target?: string;
  /** With its unit. */
  measured: string;
  /** Whether the target is met; absent without one. */
  isMet?: boolean;
  /** What the figure was computed from, for `--json`. */
  details?: Record<string, unknown>;
}
