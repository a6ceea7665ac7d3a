import { Html } from './html.ts';

/** Of the page: for screens from 320 px, light and dark, and for one A4 page a period. */
export const style = new Html(`
:root { --ink: #1a1f36; --soft: #5b6478; --line: #e3e8ee; --paper: #fff; --ground: #f6f8fa; --accent: #4b56d2; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #eceef4; --soft: #a2abbe; --line: #323a4b; --paper: #171b26; --ground: #0f121a; --accent: #8f9bff; }
}
* { box-sizing: border-box; margin: 0; }
body { font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif;
  color: var(--ink); background: var(--ground); -webkit-text-size-adjust: 100%; }
article { max-width: 880px; margin: 32px auto; padding: 36px 40px 28px; background: var(--paper);
  border: 1px solid var(--line); border-radius: 8px; }
header { display: flex; justify-content: space-between; gap: 32px; padding-bottom: 20px; border-bottom: 1px solid var(--line); }
.who { min-width: 0; }
.when { flex: none; text-align: right; }
.label, dt, .detail, th, .legend, footer { color: var(--soft); font-size: 12px; font-weight: 400; }
h1, .dates { font-size: 20px; line-height: 1.3; font-weight: 600; margin: 2px 0; }
h1 { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
.detail { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.dates, .number, td, dd, .detail, svg { font-variant-numeric: tabular-nums; }
h2 { font-size: 13px; font-weight: 600; margin-bottom: 8px; }
.legend { margin-left: 8px; }
.figures { display: grid; grid-template-columns: 1.4fr 1.2fr 1fr 1fr; gap: 24px; padding: 20px 0; }
dd { font-size: 16px; font-weight: 500; margin: 2px 0 0; }
.main dd { font-size: 22px; font-weight: 600; line-height: 1.1; }
small { font-size: 12px; font-weight: 400; color: var(--soft); white-space: nowrap; }
small.below { display: block; }
.meter { display: block; height: 4px; margin-top: 4px; border-radius: 2px; background: var(--line); overflow: hidden;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.meter span { display: block; height: 100%; background: var(--accent); }
.bars { display: block; overflow: visible; font-size: 10px; fill: var(--soft); }
.bars rect:not(.several) { fill: var(--accent); }
.bars .several { stroke: var(--accent); }
.bars pattern line { stroke: var(--accent); stroke-width: 3; }
.bars .grid { stroke: var(--line); }
.bars .zero { stroke: var(--soft); }
.bars .tick { text-anchor: end; }
.bars .mark, .bars .date { text-anchor: middle; }
.bars .mark { font-size: 12px; fill: var(--ink); }
.tables { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 40px; padding-top: 20px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 3px 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
tfoot th, tfoot td { color: var(--ink); font-size: inherit; font-weight: 600; border-bottom: 0; }
th.number, td.number { text-align: right; padding-left: 12px; }
td.note { color: var(--soft); padding-left: 12px; width: 99%; }
.lines { table-layout: fixed; }
.lines .date { width: 88px; color: var(--soft); }
.lines .number { width: 132px; }
.name { overflow: hidden; text-overflow: ellipsis; padding-right: 12px; }
.below { padding-left: 16px; }
.rest td { color: var(--soft); }
.rest td.number { color: var(--ink); }
.notes { margin-top: 24px; font-size: 12px; color: var(--soft); }
.notes h2 { color: var(--ink); margin-bottom: 4px; }
.notes p { margin-bottom: 4px; }
footer { margin-top: 20px; padding-top: 12px; border-top: 1px solid var(--line); }
@media screen and (max-width: 720px) {
  article { margin: 0; padding: 20px 16px; border: 0; border-radius: 0; }
  header { flex-direction: column; gap: 12px; }
  .when { text-align: left; }
  .figures { grid-template-columns: 1fr 1fr; gap: 16px; }
  .main { grid-column: 1 / -1; }
  .tables { grid-template-columns: minmax(0, 1fr); gap: 28px; }
  .right { grid-row: 1; }
  .lines .date { display: none; }
}
@page { size: A4; margin: 12mm 14mm; }
@media print {
  body { font-size: 8.5pt; line-height: 1.3; background: none; }
  article { max-width: none; margin: 0; padding: 0; border: 0; border-radius: 0; }
  article + article { break-before: page; }
  .label, dt, .detail, th, .legend, footer, .notes, small { font-size: 7.5pt; }
  h1, .dates { font-size: 14pt; }
  h2 { font-size: 9pt; margin-bottom: 4px; }
  header { padding-bottom: 10px; }
  .figures { padding: 10px 0; }
  dd { font-size: 11pt; }
  .main dd { font-size: 15pt; }
  .tables { padding-top: 8px; gap: 28px; }
  th, td { padding: 1.1px 0; }
  .notes { margin-top: 12px; }
  footer { margin-top: 8px; padding-top: 6px; }
}
`);
