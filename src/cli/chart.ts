/** One line of a chart. */
export interface ChartBar {
  label: string;
  /** Absent where there is nothing to draw. */
  value: number | undefined;
  /** Shown at the end of the line. */
  note: string;
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const fewestCells = 4;

/**
 * Horizontal bars, one a line, the longest over the full width. A negative value is hatched.
 *
 * @param width of the terminal, in characters
 */
export function drawChart(bars: readonly ChartBar[], width: number): string {
  const labels = Math.max(0, ...bars.map(({ label }) => label.length));
  const values = bars.map(({ value }) => (value === undefined ? '' : value.toFixed(2)));
  const numbers = Math.max(0, ...values.map(({ length }) => length));
  const notes = Math.max(0, ...bars.map(({ note }) => note.length));
  const cells = Math.max(fewestCells, width - labels - numbers - notes - 6);
  const largest = Math.max(0, ...bars.map(({ value }) => Math.abs(value ?? 0)));
  return bars
    .map(({ label, value = 0, note }, index) => {
      const length = largest === 0 ? 0 : (Math.abs(value) / largest) * cells;
      const bar = value < 0 ? '░'.repeat(Math.ceil(length)) : blocksOf(length);
      const number = (values[index] ?? '').padStart(numbers);
      return `${label.padEnd(labels)}  ${bar.padEnd(cells)}  ${number}  ${note}`.trimEnd();
    })
    .join('\n');
}

/** Whole cells and an eighth's part of one. */
function blocksOf(cells: number): string {
  const parts = Math.round(cells * 8);
  return '█'.repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? '');
}
