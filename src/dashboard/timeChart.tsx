import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { dateOf, toMs } from './dates.ts';
import { formatCompact, formatShortDate } from './format.ts';

/** A line of a chart, its bars, or signs on its days. */
export interface Plotted {
  kind: 'bars' | 'parts' | 'line' | 'dashes' | 'band' | 'marks';
  /** Of `marks`: what is drawn at each value. */
  sign?: string;
  /** The name of its colour in the style. */
  colour: 'accent' | 'soft' | 'warn' | 'bad' | 'line' | `part${1 | 2 | 3 | 4 | 5 | 6}`;
  values: (number | null)[];
}

interface ChartOptions {
  /** What is drawn, for those who do not see it. */
  label: string;
  dates: readonly string[];
  series: readonly Plotted[];
  /** What is said of a day where the pointer or the keyboard is. */
  describe: (index: number) => string;
  heightPx?: number;
}

/** A chart over days; arrows go through them, and the line below says what is there. */
export function TimeChart({ label, dates, series, describe, heightPx = 150 }: ChartOptions) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const last = dates.length - 1;
  const [index, setIndex] = useState(last);
  const [theme, setTheme] = useState(0);
  useEffect(() => onThemeChange(() => setTheme((before) => before + 1)), []);
  // In the first picture of its view, not one later.
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const drawn = draw(element, { dates, series, heightPx }, (next) => setIndex(next ?? last));
    chart.current = drawn;
    setIndex(last);
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      // It tells the first size as well, which is drawn already.
      if (width !== drawn.width) drawn.setSize({ width, height: heightPx });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [dates, series, theme]);
  const at = Math.min(index, last);
  const move = (event: KeyboardEvent) => {
    const targets: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const next = Math.min(last, Math.max(0, target));
    setIndex(next);
    const left = chart.current?.valToPos(secondsOf(dates[next] ?? ''), 'x') ?? -10;
    chart.current?.setCursor({ left, top: 0 });
  };
  return (
    <div class="chart">
      <div
        ref={place}
        class="plot"
        role="slider"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at}
        aria-valuetext={describe(at)}
        tabIndex={0}
        onKeyDown={move}
      />
      <p class="readout" aria-hidden="true">
        {describe(at)}
      </p>
    </div>
  );
}

const daySeconds = 86_400;
const secondsOf = (date: string) => toMs(date) / 1000;

type Drawing = Pick<ChartOptions, 'dates' | 'series'> & { heightPx: number };

function draw(
  element: HTMLElement,
  { dates, series, heightPx }: Drawing,
  onIndex: (index: number | null) => void,
): uPlot {
  const style = getComputedStyle(element);
  const colourOf = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colourOf('soft'),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
  };
  const bars = uPlot.paths.bars?.({ size: [0.7, 40] });
  return new uPlot(
    {
      width: element.clientWidth,
      height: heightPx,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      // With room for half a bar at both ends.
      scales: {
        x: { range: (_, min, max) => [min - daySeconds / 2, max + daySeconds / 2] },
        y: { range: rangeOfY },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 60,
          size: 26,
          values: (_, splits) => splits.map(dayName),
        },
        {
          ...axis,
          size: 48,
          space: 30,
          grid: { stroke: colourOf('line'), width: 1 },
          values: (_, splits) => splits.map((each) => formatCompact(each)),
        },
      ],
      series: [{}, ...series.map((each) => toSeries(each, colourOf, bars))],
      bands: bandsOf(series, colourOf('band')),
      hooks: {
        setCursor: [(plot) => onIndex(plot.cursor.idx ?? null)],
        draw: [(plot) => drawSigns(plot, series, colourOf)],
      },
    },
    [dates.map(secondsOf), ...series.map(({ values }) => values)],
    element,
  );
}

function dayName(seconds: number): string {
  return seconds % daySeconds === 0 ? formatShortDate(dateOf(seconds * 1000)) : '';
}

/** Signs say by shape what a colour alone would say. */
function drawSigns(
  plot: uPlot,
  series: readonly Plotted[],
  colourOf: (name: string) => string,
): void {
  const { ctx } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = `bold ${14 * scale}px sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  for (const { sign, colour, values } of series) {
    if (sign === undefined) continue;
    ctx.fillStyle = colourOf(colour);
    for (const [index, value] of values.entries()) {
      const at = plot.data[0][index];
      if (value === null || at === undefined) continue;
      ctx.fillText(sign, plot.valToPos(at, 'x', true), plot.valToPos(value, 'y', true));
    }
  }
  ctx.restore();
}

/** Zero is always there: a bar is as long as its figure is large. */
function rangeOfY(_: uPlot, min: number | null, max: number | null): [number, number] {
  const [low, high] = [Math.min(0, min ?? 0), Math.max(0, max ?? 0)];
  const room = (high - low) * 0.08 || 1;
  return [low === 0 ? 0 : low - room, high + room];
}

function toSeries(
  { kind, colour: name }: Plotted,
  colourOf: (name: string) => string,
  bars: uPlot.Series.PathBuilder | undefined,
): uPlot.Series {
  const colour = colourOf(name);
  const base = { points: { show: false }, stroke: colour };
  switch (kind) {
    case 'bars':
      return { ...base, ...(bars && { paths: bars }), fill: colour, width: 0 };
    case 'parts':
      // With a line between those that stand on each other.
      return {
        ...base,
        ...(bars && { paths: bars }),
        fill: colour,
        stroke: colourOf('paper'),
        width: 1,
      };
    case 'dashes':
      return { ...base, dash: [4, 4], width: 1.5 };
    case 'band':
      return { ...base, width: 0 };
    case 'marks':
      return { ...base, paths: () => null };
    case 'line':
      return { ...base, width: 2 };
  }
}

/** Between the two series of the kind `band`, the upper one first. */
function bandsOf(series: readonly Plotted[], fill: string): uPlot.Band[] {
  const [upper, lower] = series.flatMap(({ kind }, index) => (kind === 'band' ? [index + 1] : []));
  return upper === undefined || lower === undefined ? [] : [{ series: [upper, lower], fill }];
}

function onThemeChange(listener: () => void): () => void {
  const queries = [
    '(prefers-color-scheme: dark)',
    '(forced-colors: active)',
    '(prefers-contrast: more)',
  ];
  const lists = queries.map((query) => window.matchMedia(query));
  for (const list of lists) list.addEventListener('change', listener);
  return () => {
    for (const list of lists) list.removeEventListener('change', listener);
  };
}
