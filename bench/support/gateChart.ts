import type { GateSample } from './scaledCallsProcess.ts';
import type { MinuteCounts } from './watchedSimulator.ts';

/** The course of a gate over time, for a chart. */
export interface GateCourse {
  title: string;
  /** Under which conditions. */
  subtitle: string;
  /** Where the time axis begins, milliseconds since the epoch. */
  startMs: number;
  minutes: readonly MinuteCounts[];
  samples: readonly GateSample[];
}

/** A part of the picture with a y axis of its own. */
interface Panel {
  label: string;
  top: number;
  height: number;
  /** Value at the upper end of the axis. */
  max: number;
  /** Between two lines of the grid. */
  step: number;
}

const width = 880;
const height = 640;
const left = 76;
const right = 20;
const legendTop = 74;
const minuteMs = 60_000;

/**
 * For light and dark pages; the ground is drawn, as not every page has one. No CSS variables: not
 * everything that shows an SVG knows them.
 */
const style = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .title { font-size: 18px; font-weight: 600; }
  .faint { fill: #59636e; }
  .end { text-anchor: end; }
  .middle { text-anchor: middle; }
  .ground { fill: #ffffff; }
  .grid { stroke: #d1d9e0; }
  .admitted { fill: #8ab8ea; }
  .throttled { fill: #c93a2b; }
  .limit { fill: none; stroke: #0b2f5b; stroke-width: 2.5; stroke-dasharray: 7 3; }
  .bound { fill: none; stroke: #1a7f4b; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .faint { fill: #9198a1; }
    .ground { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .admitted { fill: #2f6db5; }
    .throttled { fill: #ff7b6b; }
    .limit { stroke: #cfe3ff; }
    .bound { stroke: #4cc38a; }
  }`;

/** The course of a gate as an SVG: requests a minute, its bound, answers 429. */
export function drawGateCourse(course: GateCourse): string {
  const { minutes, samples, startMs } = course;
  const endMs = (minutes.at(-1)?.startMs ?? startMs) + minuteMs;
  const x = (atMs: number) =>
    round(left + ((width - left - right) * (atMs - startMs)) / (endMs - startMs));
  const requests = panelOf('requests a minute', 104, 210, [
    ...minutes.map(({ admitted }) => admitted),
    ...minutes.map(({ hiddenLimit = 0 }) => hiddenLimit),
  ]);
  const bounds = panelOf(
    'in flight at most',
    348,
    110,
    samples.map(({ bound }) => bound),
  );
  const answers = panelOf(
    '429 a minute',
    492,
    90,
    minutes.map(({ throttled }) => throttled),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(course.title)}</title>`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="${left}" y="32">${escapeText(course.title)}</text>`,
    `<text class="faint" x="${left}" y="53">${escapeText(course.subtitle)}</text>`,
    ...drawLegend(),
    ...[requests, bounds, answers].flatMap(drawAxis),
    ...drawTime(startMs, endMs, x, [requests, bounds, answers]),
    ...drawBars('admitted', minutes, ({ admitted }) => admitted, requests, x),
    drawSteps('limit', toLimitPoints(minutes, endMs), requests, x),
    drawSteps(
      'bound',
      samples.map(({ atMs, bound }) => ({ atMs, value: bound })),
      bounds,
      x,
    ),
    ...drawBars('throttled', minutes, ({ throttled }) => throttled, answers, x),
    '</svg>',
    '',
  ].join('\n');
}

type Place = (atMs: number) => number;

/** A panel whose axis ends at a round number at or above the largest value. */
function panelOf(label: string, top: number, height: number, values: readonly number[]): Panel {
  const largest = Math.max(1, ...values);
  const magnitude = 10 ** Math.floor(Math.log10(largest / 4));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((part) => part * magnitude).find((each) => each * 4 >= largest) ?? largest,
  );
  return { label, top, height, step, max: Math.ceil(largest / step) * step };
}

function placeOf({ top, height, max }: Panel, value: number): number {
  return round(top + height * (1 - value / max));
}

function drawAxis(panel: Panel): string[] {
  const { label, top, height, max, step } = panel;
  const lines: string[] = [];
  for (let value = 0; value <= max; value += step) {
    const y = placeOf(panel, value);
    lines.push(
      `<line class="grid" x1="${left}" y1="${y}" x2="${width - right}" y2="${y}"/>`,
      `<text class="faint end" x="${left - 8}" y="${y + 4}">${value.toLocaleString('en-US')}</text>`,
    );
  }
  const middle = top + height / 2;
  const turn = `rotate(-90 16 ${middle})`;
  lines.push(`<text class="middle" x="16" y="${middle + 4}" transform="${turn}">${label}</text>`);
  return lines;
}

function drawTime(startMs: number, endMs: number, x: Place, panels: readonly Panel[]): string[] {
  const last = panels.at(-1);
  const bottom = last ? last.top + last.height : 0;
  const lines: string[] = [];
  for (let atMs = startMs; atMs <= endMs; atMs += 4 * minuteMs) {
    const minute = (atMs - startMs) / minuteMs;
    lines.push(`<text class="faint middle" x="${x(atMs)}" y="${bottom + 20}">${minute}</text>`);
  }
  const middle = (left + width - right) / 2;
  lines.push(
    `<text class="middle" x="${middle}" y="${bottom + 42}">minutes since the start</text>`,
  );
  return lines;
}

function drawLegend(): string[] {
  const y = legendTop;
  return [
    `<rect class="admitted" x="${left}" y="${y}" width="18" height="11"/>`,
    `<text x="${left + 26}" y="${y + 10}">requests admitted</text>`,
    `<line class="limit" x1="${left + 168}" y1="${y + 6}" x2="${left + 196}" y2="${y + 6}"/>`,
    `<text x="${left + 204}" y="${y + 10}">the server's limit</text>`,
    `<line class="bound" x1="${left + 344}" y1="${y + 6}" x2="${left + 372}" y2="${y + 6}"/>`,
    `<text x="${left + 380}" y="${y + 10}">bound of the gate</text>`,
    `<rect class="throttled" x="${left + 520}" y="${y}" width="18" height="11"/>`,
    `<text x="${left + 546}" y="${y + 10}">answers 429</text>`,
  ];
}

function drawBars(
  name: string,
  minutes: readonly MinuteCounts[],
  read: (minute: MinuteCounts) => number,
  panel: Panel,
  x: Place,
): string[] {
  return minutes.map((minute) => {
    const from = x(minute.startMs) + 1;
    const y = placeOf(panel, read(minute));
    const size = `width="${round(x(minute.startMs + minuteMs) - 1 - from)}" height="${round(panel.top + panel.height - y)}"`;
    return `<rect class="${name}" x="${round(from)}" y="${y}" ${size}/>`;
  });
}

/** A line that keeps each value until the next one. */
function drawSteps(
  name: string,
  points: readonly { atMs: number; value: number }[],
  panel: Panel,
  x: Place,
): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const path = rest.map(({ atMs, value }) => `H${x(atMs)}V${placeOf(panel, value)}`);
  return `<path class="${name}" d="M${x(first.atMs)} ${placeOf(panel, first.value)}${path.join('')}"/>`;
}

function toLimitPoints(minutes: readonly MinuteCounts[], endMs: number) {
  const points = minutes.map(({ startMs, hiddenLimit = 0 }) => ({
    atMs: startMs,
    value: hiddenLimit,
  }));
  return [...points, { atMs: endMs, value: points.at(-1)?.value ?? 0 }];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
