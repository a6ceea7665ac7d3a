import type { ReportedPeriod } from '../history/reportedPeriod.ts';
import { type Amount, toNumber } from '../usage/amount.ts';
import { addDays, daysBetween } from '../usage/date.ts';
import type { DailyItem } from '../usage/history.ts';
import { type Html, html } from './html.ts';
import { describeDay, isGap } from './words.ts';

/** Pixels from the top; across, everything is in percent, so that texts keep their size. */
const plot = { top: 14, bottom: 122, marks: 136, dates: 154, height: 160 };
/** Percent on the left for the texts of the axis. */
const gutter = 8;
const daysPerDate = 7;
/** Beside a bar, of a day's width. */
const barMargin = 0.1;
/** Lines above zero, at most. */
const maxSteps = 3;

/**
 * The daily cost as bars from zero. A cost of several days is one hatched bar over all of them, as
 * high as a day's share, so that areas are costs.
 *
 * @param id of the hatching, its own on the page
 */
export function drawDailyCost(
  { period, days, currency }: ReportedPeriod,
  format: (amount: Amount) => string,
  id: string,
): Html {
  const [first, last] = [days[0]?.date ?? period.start, days.at(-1)?.date ?? period.start];
  const start = first < period.start ? first : period.start;
  const end = addDays(last, 1) > period.end ? addDays(last, 1) : period.end;
  const width = (100 - gutter) / daysBetween(start, end);
  const xOf = (date: string) => gutter + width * Math.max(0, daysBetween(start, date));
  const heights = days.map(heightOf);
  const scale = scaleOf(Math.min(0, ...heights), Math.max(0, ...heights));
  const bars = days.map((day, index) => {
    if (day.dailyCost === null) return '';
    const from = xOf(addDays(day.date, 1 - day.daysCovered));
    const [end, zero] = [scale.yOf(heights[index] ?? 0), scale.yOf(0)];
    const note = describeDay(day);
    return drawBar({
      x: from + width * barMargin,
      y: Math.min(end, zero),
      width: xOf(addDays(day.date, 1)) - from - 2 * width * barMargin,
      height: Math.abs(end - zero),
      fill: day.daysCovered > 1 ? `url(#${id})` : undefined,
      title: `${day.date}: ${format(day.dailyCost)} ${currency}${note && `, ${note}`}`,
    });
  });
  const marks = days.map((day) => {
    const mark = markOf(day);
    return (
      mark &&
      html`<text class="mark" x="${short(xOf(day.date) + width / 2)}%" y="${plot.marks}">${mark}</text>`
    );
  });
  return html`<svg class="bars" width="100%" height="${plot.height}" role="img" aria-label="Daily cost in ${currency}, as in the table of days">
<defs><pattern id="${id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line y2="5"/></pattern></defs>
${scale.ticks.map(drawTick)}
${bars}${marks}
${listDates(start, end).map((date) => html`<text class="date" x="${short(xOf(date) + width / 2)}%" y="${plot.dates}">${date.slice(5)}</text>`)}
</svg>`;
}

function heightOf({ dailyCost, daysCovered }: DailyItem): number {
  return dailyCost === null ? 0 : toNumber(dailyCost) / Math.max(1, daysCovered);
}

function markOf(day: DailyItem): string {
  if (isGap(day)) return '×';
  return day.isStale ? '○' : '';
}

interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Instead of the plain colour. */
  fill: string | undefined;
  title: string;
}

function drawBar({ x, y, width, height, fill, title }: Bar): Html {
  const place = html`x="${short(x)}%" y="${short(y)}" width="${short(width)}%" height="${short(height)}"`;
  return html`<rect ${place}${fill && html` class="several" fill="${fill}"`}><title>${title}</title></rect>`;
}

function short(length: number): string {
  return length.toFixed(2);
}

interface Tick {
  y: number;
  text: string;
}

/** Round numbers of the axis, with zero among them. */
function scaleOf(lowest: number, highest: number) {
  const step = stepOf(Math.max(highest, -lowest) / maxSteps);
  const [from, to] = [Math.floor(lowest / step), Math.max(1, Math.ceil(highest / step))];
  const yOf = (value: number) =>
    plot.bottom - ((value / step - from) / (to - from)) * (plot.bottom - plot.top);
  const { format } = new Intl.NumberFormat('en', { notation: 'compact' });
  const ticks = Array.from({ length: to - from + 1 }, (_, index): Tick => {
    const value = (from + index) * step;
    return { y: yOf(value), text: format(value) };
  });
  return { yOf, ticks };
}

/** 1, 2 or 5 and zeros, at least as much as asked for. */
function stepOf(least: number): number {
  if (least <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

function drawTick({ y, text }: Tick): Html {
  return html`<line class="grid${text === '0' && ' zero'}" x1="${gutter}%" x2="100%" y1="${short(y)}" y2="${short(y)}"/><text class="tick" x="${gutter - 1}%" y="${short(y + 3)}">${text}</text>`;
}

function listDates(start: string, end: string): string[] {
  const dates: string[] = [];
  for (let date = start; date < end; date = addDays(date, daysPerDate)) dates.push(date);
  return dates;
}
