import type Big from 'big.js';
import type { ReportedPeriod } from '../history/reportedPeriod.ts';
import { percentOf } from '../usage/amount.ts';
import { utcDateOf } from '../usage/date.ts';
import { type AmountFormat, createAmountFormat } from './amountFormat.ts';
import { drawDailyCost } from './chart.ts';
import { type Html, html } from './html.ts';
import type { CustomerReport } from './markedUp.ts';
import { style } from './style.ts';
import { renderSubscriptions } from './subscriptionTable.ts';
import { count, describeCompleteness, describeDay, isGap, lastDayOf, planNames } from './words.ts';

/**
 * A report as a page that needs nothing from anywhere: each billing period prints to an A4 page.
 *
 * @param nowMs when it is made, milliseconds since the epoch
 */
export function renderPage(report: CustomerReport, nowMs: number): string {
  const { customerName, month, periods } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${customerName}: Azure usage ${month}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${style}</style>
</head>
<body>
${periods.map((period, index) => renderPeriod(period, { report, nowMs, index }))}
</body>
</html>
`;
  return page.text;
}

interface Frame {
  report: CustomerReport;
  nowMs: number;
  /** Of the period on the page. */
  index: number;
}

function renderPeriod(reported: ReportedPeriod, { report, nowMs, index }: Frame): Html {
  const { period, plan, currency, days } = reported;
  const { customerName, customerDomain, customerId } = report;
  const format = createAmountFormat(currency);
  return html`<article>
<header>
<div class="who"><p class="label">Azure usage</p><h1><bdi>${customerName}</bdi></h1>
<p class="detail">${customerDomain && html`<bdi>${customerDomain}</bdi> · `}${customerId}</p></div>
<div class="when"><p class="label">Billing period</p><p class="dates">${period.start} to ${lastDayOf(reported)}</p>
<p class="detail">${planNames[plan]} · ${currency}</p></div>
</header>
${renderFigures(reported, format, nowMs)}
${days.length > 0 && renderChart(reported, format, `several-${index}`)}
<div class="tables">
${days.length > 0 && renderDays(reported, format)}
<section class="right">
${renderSubscriptions(reported, format)}
${renderNotes(reported, report, nowMs)}
</section>
</div>
<footer>Made ${new Date(nowMs).toISOString().slice(0, 16).replace('T', ' ')} UTC from what was recorded each night of Partner Center’s usage summary.</footer>
</article>`;
}

function renderFigures(reported: ReportedPeriod, format: AmountFormat, nowMs: number): Html {
  const { totalCost, budgetAmount, currency, days, period } = reported;
  const percent = percentOf(totalCost, budgetAmount);
  const known = days.filter((day) => !isGap(day)).length;
  const state = utcDateOf(nowMs) < period.end ? 'Running' : 'Not final';
  return html`<dl class="figures">
<div class="main"><dt>Total cost</dt><dd>${format(totalCost)} <small>${currency}</small></dd></div>
<div><dt>Budget</dt><dd>${budgetAmount === undefined ? 'none' : html`${format(budgetAmount)} <small>${currency}</small>`}</dd></div>
<div><dt>Of budget</dt><dd>${percent ? html`${percent.toFixed(1)} % ${renderMeter(percent)}` : '–'}</dd></div>
<div><dt>State</dt><dd>${state}${days.length > 0 && html`<small class="below">figures on ${known} of ${count(days.length, 'day')}</small>`}</dd></div>
</dl>`;
}

/** A bar of the budget's length; the number beside it says what it shows. */
function renderMeter(percent: Big): Html {
  const filled = Math.min(100, Math.max(0, percent.toNumber()));
  return html`<span class="meter" aria-hidden="true"><span style="width:${filled.toFixed(1)}%"></span></span>`;
}

function renderChart(reported: ReportedPeriod, format: AmountFormat, id: string): Html {
  const { days, currency } = reported;
  const legend = [
    days.some(({ daysCovered }) => daysCovered > 1) && 'hatched: several days at their mean',
    days.some(isGap) && '× no figures',
    days.some(({ isStale }) => isStale) && '○ stale',
  ].filter(Boolean);
  return html`<section class="chart"><h2>Daily cost, ${currency}${legend.length > 0 && html` <span class="legend">${legend.join(' · ')}</span>`}</h2>
${drawDailyCost(reported, format, id)}</section>`;
}

function renderDays({ days, currency, totalCost }: ReportedPeriod, format: AmountFormat): Html {
  return html`<section class="days"><h2>Days</h2>
<table><thead><tr><th scope="col">Recorded</th><th scope="col" class="note"></th><th scope="col" class="number">Cost, ${currency}</th></tr></thead>
<tbody>${days.map((day) => renderDay(day, format))}</tbody>
<tfoot><tr><th scope="row" colspan="2">Total</th><td class="number">${format(totalCost)}</td></tr></tfoot></table></section>`;
}

function renderDay(day: ReportedPeriod['days'][number], format: AmountFormat): Html {
  const mark = isGap(day) ? '× ' : day.isStale && '○ ';
  return html`<tr><td>${day.date}</td><td class="note">${mark}${describeDay(day)}</td><td class="number">${day.dailyCost === null ? '–' : format(day.dailyCost)}</td></tr>
`;
}

function renderNotes(reported: ReportedPeriod, report: CustomerReport, nowMs: number): Html {
  const { markup, periods, subscriptionsWithoutFigures: unread } = report;
  const parts = periods.filter(({ period }) => period.start === reported.period.start);
  const sentences = [
    ...describeCompleteness(reported, utcDateOf(nowMs)),
    parts.length > 1 &&
      `The period has ${parts.length} parts, by currency and plan. The total of each is what Partner Center showed in it for the period so far; they are not to be added up.`,
    unread > 0 && `${count(unread, 'subscription')} without figures that could be read.`,
    markup !== undefined &&
      `Every cost includes a markup of ${markup} %; the budget does not, and percent are of the cost with it.`,
    'A day’s cost is what was new since the day before (UTC), of use a day or so earlier. Amounts are rounded when shown, sums are of the exact ones. The figures are estimates and no invoice.',
  ];
  return html`<div class="notes"><h2>What to know</h2>${sentences.map((sentence) => sentence && html`<p>${sentence}</p>`)}</div>`;
}
