import { describe, expect, it } from 'vitest';
import { readPeriodReport } from '../../../src/history/periodReport.ts';
import { createAmountFormat } from '../../../src/report/amountFormat.ts';
import { html } from '../../../src/report/html.ts';
import { markUp } from '../../../src/report/markedUp.ts';
import { renderPage } from '../../../src/report/page.ts';
import { listLines, reportColumns } from '../../../src/report/rows.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { createHistory, customerId } from '../../support/recorded.ts';
import { idOf, keepPeriod, type SteadyPeriod } from '../../support/reportedDays.ts';

const march = { start: '2026-03-01', end: '2026-04-01' };
const noon = (date: string) => Date.parse(`${date}T12:00:00Z`);

async function reportOf(periods: SteadyPeriod[], markup?: string) {
  const { stores, context } = createHistory('2026-06-01');
  for (const period of periods) await keepPeriod(stores, period);
  const report = await readPeriodReport({ customerId, month: '2026-03' }, context);
  if (report === undefined) throw new Error('expected a report');
  return markUp(report, markup);
}

/** The texts of a page between its tags, in order. */
function textsOf(page: string): string[] {
  const [, body = ''] = page.split('<body>');
  return body
    .split(/<[^>]+>/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

async function pageOf(
  periods: SteadyPeriod[],
  { markup, today = '2026-04-02' }: { markup?: string; today?: string } = {},
) {
  return textsOf(renderPage(await reportOf(periods, markup), noon(today)));
}

/** What stands after a text. */
const following = (texts: string[], text: string, place = 1) => texts[texts.indexOf(text) + place];

describe('an amount on the page', () => {
  it.each([
    ['EUR', '1234567.005', '1,234,567.01'],
    ['EUR', '1.00499999999999999999999999', '1.00'],
    ['EUR', '-0.005', '-0.01'],
    ['EUR', '-0.0049', '0.00'],
    ['JPY', '1234.5', '1,235'],
    ['KWD', '0.0005', '0.001'],
    ['XXX', '2.5', '2.50'],
  ])('in %s, %s is shown as %s', (currency, amount, shown) => {
    expect(createAmountFormat(currency)(parseAmount(amount))).toBe(shown);
  });
});

describe('a template of markup', () => {
  it('escapes what is inserted, except what a template made, and leaves nothing for nothing', () => {
    const part = html`<b title="${`"'`}">${'<&>'}</b>`;
    expect(html`${part}${[part, 1]}${undefined}${false}${''}`.text).toBe(
      `${part.text}${part.text}1`,
    );
    expect(part.text).toBe('<b title="&quot;&#39;">&lt;&amp;&gt;</b>');
  });
});

describe('the page', () => {
  it('shows total, budget, percent and how far it is known', async () => {
    const figures = { budgetAmount: parseAmount('1000') };
    const texts = await pageOf([{ ...march, missing: ['2026-03-05'], figures }]);
    expect(following(texts, 'Total cost')).toBe('620.00');
    expect(following(texts, 'Budget')).toBe('1,000.00');
    expect(following(texts, 'Of budget')).toBe('62.0 %');
    expect(following(texts, 'State')).toBe('Not final');
    expect(texts).toContain('figures on 30 of 31 days');
    expect(texts).toContain('2026-03-01 to 2026-03-31');
    expect(texts).toContain('Azure plan · EUR');
    expect(texts.join(' ')).toContain('up to two days of use at its end may be missing');
  });

  it('adds up exact costs, and never those that were rounded', async () => {
    const subscriptions = Array.from({ length: 18 }, (_, index) => `Plan ${index}`);
    const texts = await pageOf([{ ...march, to: '2026-03-02', cost: '0.126', subscriptions }]);
    expect(texts.filter((text) => text === '0.01')).toHaveLength(15);
    // 3 of 18 shares of 0.007; rounded ones would be 0.03.
    expect(following(texts, 'others (3)')).toBe('0.02');
    expect(texts.filter((text) => text.startsWith('Plan'))).toHaveLength(15);
    expect(texts.filter((text) => text === 'Total').length).toBe(2);
    expect(texts).not.toContain('not in these lines');
  });

  it('says what no line of a subscription explains', async () => {
    const texts = await pageOf([
      { ...march, subscriptions: ['Half'], subscriptionDays: ['2026-03-16'] },
    ]);
    expect(following(texts, 'Half', 2)).toBe('300.00');
    expect(following(texts, 'not in these lines')).toBe('320.00');
  });

  it('shows the Azure subscriptions of a plan below it, and what they leave of it', async () => {
    const azureSubscriptions = { Production: 0.7, 'Test <1>': 0.2 };
    const subscriptions = ['Azure plan', 'Legacy'];
    const texts = await pageOf([{ ...march, subscriptions, azureSubscriptions }]);
    const from = texts.indexOf('Azure plan');
    expect(texts.slice(from, texts.indexOf('Total', from))).toEqual([
      ...['Azure plan', '2026-04-01', '310.00'],
      ...['Production', '2026-04-01', '217.00'],
      ...['Test &lt;1&gt;', '2026-04-01', '62.00'],
      ...['not by Azure subscription', '31.00'],
      ...['Legacy', '2026-04-01', '310.00'],
    ]);
  });

  it('has 15 lines for the largest plans and Azure subscriptions, sums of others among them', async () => {
    const parts = Array.from({ length: 40 }, (_, index) => [`Part ${index}`, (index + 1) / 1000]);
    const subscriptions = ['Azure plan', 'Legacy 1', 'Legacy 2'];
    const azureSubscriptions = Object.fromEntries(parts);
    const texts = await pageOf([{ ...march, subscriptions, azureSubscriptions }]);
    const from = texts.indexOf('Cost, EUR', texts.indexOf('Subscriptions and plans')) + 1;
    const lines = texts.slice(from, texts.indexOf('Total', from)).join(' ');
    expect(lines.match(/Part \d+|Azure plan|Legacy \d|others \(\d+\)|not by/g)).toEqual([
      'Azure plan',
      ...Array.from({ length: 10 }, (_, index) => `Part ${39 - index}`),
      ...['others (30)', 'not by', 'Legacy 1', 'Legacy 2'],
    ]);
    // 206.67 × (1 + … + 30) ÷ 1000, and what 0.82 leaves.
    expect(lines).toContain('others (30) 96.10 not by Azure subscription 37.20');
  });

  it('has a markup in every cost and says so, and leaves the budget as it is', async () => {
    const figures = { budgetAmount: parseAmount('1000') };
    const subscriptions = ['Azure plan'];
    const period = { ...march, figures, subscriptions, azureSubscriptions: { Production: 0.5 } };
    const texts = await pageOf([period], { markup: '7.5' });
    expect(following(texts, 'Total cost')).toBe('666.50');
    expect(following(texts, 'Budget')).toBe('1,000.00');
    expect(following(texts, 'Of budget')).toBe('66.7 %');
    expect(following(texts, '2026-03-16')).toBe('21.50');
    expect(following(texts, 'Azure plan', 2)).toBe('666.50');
    expect(following(texts, 'Production', 2)).toBe('333.25');
    expect(texts.join(' ')).toContain('Every cost includes a markup of 7.5 %');
    expect((await pageOf([period])).join(' ')).not.toContain('markup');
  });

  it('names days that are unlike others, and marks them by a sign as well', async () => {
    const texts = await pageOf([{ ...march, missing: ['2026-03-10', '2026-03-11'] }]);
    expect(texts.slice(texts.lastIndexOf('2026-03-10')).slice(0, 9)).toEqual([
      ...['2026-03-10', '× not recorded', '–', '2026-03-11', '× not recorded', '–'],
      ...['2026-03-12', 'of 3 days', '60.00'],
    ]);
    expect(texts.join(' ')).toContain('2 days without figures (×)');
  });

  it('says that a period is not over, and from when its figures are', async () => {
    const texts = await pageOf([{ ...march, to: '2026-03-20' }], { today: '2026-03-21' });
    expect(following(texts, 'State')).toBe('Running');
    expect(texts.join(' ')).toContain(
      'The period is not over, it runs to 2026-03-31. Its last figures are of 2026-03-20.',
    );
  });

  it('says how much of a period was never seen, at its start and its end', async () => {
    const texts = await pageOf([{ ...march, from: '2026-03-15', to: '2026-03-20' }]);
    const text = texts.join(' ');
    expect(text).toContain('The first figures are of 2026-03-15 and stand for 14 days.');
    expect(text).toContain('That is 12 days before its end, and use after them is missing.');
    expect(text).not.toContain('next day with figures');
  });

  it('warns of adding up the parts of a period whose currency changed', async () => {
    const sek = { ...march, from: '2026-03-16', figures: { currency: 'SEK' } };
    const text = (await pageOf([{ ...march, to: '2026-03-15' }, sek])).join(' ');
    expect(text.match(/The period has 2 parts/g)).toHaveLength(2);
    expect(text).toContain('they are not to be added up');
  });
});

describe('the lines of a report', () => {
  it('are total, days and subscriptions with every digit', async () => {
    const cost = '28.82860766744404945074';
    const budgetAmount = parseAmount('500');
    const period = { ...march, to: '2026-03-04', missing: ['2026-03-03'], cost };
    const below = { subscriptions: ['=Azure plan'], azureSubscriptions: { Production: 1 } };
    const report = await reportOf([{ ...period, ...below, figures: { budgetAmount } }], '7.5');
    const head = {
      customerId,
      customerName: 'Maple Foods',
      billingPeriodStart: '2026-03-01',
      billingPeriodEnd: '2026-04-01',
      currency: 'EUR',
      plan: 'azurePlan',
      markupPercent: JSON.rawJSON('7.5'),
    };
    const [total, second, third, fourth] = listLines(report);
    const [plan, part] = [...listLines(report)].slice(-2);
    // 3 days, with 7.5 % on top.
    const exact = JSON.rawJSON('92.9722597275070594786365');
    expect(total).toEqual({
      ...head,
      line: 'total',
      totalCost: exact,
      budgetAmount: JSON.rawJSON('500'),
      percentUsed: JSON.rawJSON('18.59'),
      lastSnapshotDate: '2026-03-04',
      isFinal: false,
    });
    expect([second?.date, third?.date, fourth?.date]).toEqual([
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
    ]);
    expect(third).toEqual({
      ...head,
      line: 'day',
      date: '2026-03-03',
      outcome: 'missing',
      daysCovered: 0,
      isStale: false,
    });
    expect(fourth).toMatchObject({ daysCovered: 2, totalCost: exact });
    expect(plan).toMatchObject({
      line: 'subscription',
      subscriptionName: '=Azure plan',
      totalCost: exact,
    });
    expect(part).toEqual({
      ...head,
      line: 'azureSubscription',
      subscriptionId: idOf(0),
      subscriptionName: '=Azure plan',
      azureSubscriptionId: idOf(0),
      azureSubscriptionName: 'Production',
      totalCost: exact,
      lastSnapshotDate: '2026-03-04',
    });
    const named = new Set([...listLines(report)].flatMap(Object.keys));
    expect([...named].toSorted()).toEqual(reportColumns.toSorted());
  });
});
