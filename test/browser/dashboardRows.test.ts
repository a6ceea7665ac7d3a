import { readFileSync } from 'node:fs';
import Big from 'big.js';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { ApiServer } from '../../src/http/apiServer.ts';
import { createStores, type Stores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { subscription, subscriptionId } from '../contract/snapshots.ts';
import { alert } from '../support/alerts.ts';
import { countPages, needBrowser, startBrowser } from '../support/browser.ts';
import { openView, settle, violations } from '../support/dashboardPage.ts';
import { startPageServer } from '../support/pageServer.ts';
import { row, run } from '../support/recorded.ts';

/** What other people name things, with a fixed seed. */
const nasty = [
  `<img src=x onerror=alert(1)> "' <script>alert(1)</script>`,
  '</script></style><svg onload=alert(1)>',
  `{{constructor.constructor('alert(1)')()}} $\u007b7*7} <%= x %>`,
  '=HYPERLINK("http://evil.example","x")',
  '@SUM(1+1)*cmd|calc',
  '\u202Egnp.exe\u202C \u2066x\u2069 \u200F',
  'שלום العربية 株式会社',
  '&lt;b&gt; &amp; &#60;',
  'javascript:alert(1)',
  'constructor',
  '__proto__',
  'x'.repeat(1_000),
  'W 😀'.repeat(250),
];
const names = [
  ...nasty,
  ...fc.sample(
    fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
        fc.string({ unit: fc.constantFrom(...'<>&"\'`=+-@/!{}$;%\\ ax'), minLength: 1 }),
      )
      .map((name) => name.toWellFormed()),
    { seed: 7, numRuns: 40 },
  ),
];
const today = utcDateOf(Date.now());
const days = 60;
/** Of many subscriptions, and of everything else much. */
const large = subscriptionId(1);
const subscriptions = 40;
const indexes = Array.from({ length: subscriptions }, (_, index) => index);

let browser: Browser | undefined;
let azurite: EmbeddedAzurite | undefined;
let server: ApiServer;

beforeAll(async () => {
  browser = await startBrowser();
  if (browser === undefined) return;
  azurite = await startAzurite();
  const tables = createTables(azurite);
  await tables.ensureTables();
  const stores = createStores(tables);
  await fill(stores);
  server = await startPageServer(stores, Date.now);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await azurite?.stop();
});
afterEach(() => expect(violations).toEqual([]));

async function fill({ snapshotRuns, usageByDay, usageByCustomer, budgetAlerts }: Stores) {
  for (let back = 0; back < days; back++) {
    const date = addDays(today, -back);
    await snapshotRuns.upsert(run(date));
    const total = Number(date.slice(8)) * 21 + (back === 3 ? 900 : 0);
    const budgetAmount = parseAmount('500');
    const recorded = row(date, String(total), {
      customerId: large,
      customerName: 'Large',
      figures: { budgetAmount, percentUsed: total / 5 },
      subscriptionIds: indexes.map((index) => subscriptionId(1_000 + index)),
      cost: { dailyCost: parseAmount('21'), daysCovered: 1, isStale: false },
    });
    const ofToday = back > 0 ? [] : indexes.map(subscriptionOf);
    await usageByCustomer.upsertCustomer([recorded, ...ofToday]);
    await usageByDay.upsertDay([
      recorded,
      ...(back > 1 ? [] : names.map((name, index) => rowOf(index, name, date, back))),
    ]);
  }
  for (const [index, name] of names.entries()) {
    await usageByCustomer.upsertCustomer([rowOf(index, name, today, 0)]);
  }
  await budgetAlerts.upsert([
    ...names.map((customerName, index) =>
      alert({ customerId: subscriptionId(index + 2), customerName, ...openPeriod }),
    ),
    ...[10, 20, 30, 40, 50, 60, 70, 80, 90].map((threshold) =>
      alert({ customerId: large, customerName: 'Large', threshold, ...openPeriod }),
    ),
  ]);
}

const openPeriod = {
  snapshotDate: today,
  billingPeriodStart: `${today.slice(0, 7)}-01`,
  billingPeriodEnd: addDays(today, 1),
};

const subscriptionOf = (index: number) =>
  subscription(index, {
    snapshotDate: today,
    customerId: large,
    customerName: 'Large',
    subscriptionId: subscriptionId(1_000 + index),
    subscriptionName: names[index] ?? '',
    figures: { plan: 'azurePlan', currency: 'EUR', totalCost: costOf(index) },
  });
const costOf = (index: number) => parseAmount(`${subscriptions - index}.00000000000000000001`);

const rowOf = (index: number, customerName: string, date: string, back: number) =>
  row(date, String(1_000 - index), {
    customerId: subscriptionId(index + 2),
    customerName,
    customerDomain: `${index}.example`,
    cost: { dailyCost: parseAmount(String(100 - index - back)), daysCovered: 1, isStale: false },
  });

const open = (context: TestContext, fragment: string) =>
  openView(needBrowser(context, browser), `${server.url}${fragment}`, {
    viewport: { width: 1280, height: 4_000 },
  });

/** As a parser of HTML never sees them: the page is drawn by the DOM alone. */
async function expectTextsOnly(page: Page): Promise<void> {
  expect(await page.locator('main img, main script, main iframe, main style').count()).toBe(0);
  expect(await page.locator('[onload], [onerror], [href^="javascript:"]').count()).toBe(0);
  expect(await page.evaluate('localStorage.length')).toBe(0);
}

describe('a name that others chose', () => {
  it('is shown as text by the overview, in every list', async (context) => {
    const { page, complaints } = await open(context, '');
    await settle(page);
    for (const summary of await page.locator('summary').all()) await summary.click();
    const namesOf = (list: string) => page.locator(`${list} tbody bdi`).allTextContents();
    expect(new Set(await namesOf('.rows'))).toEqual(new Set(['Large', ...names]));
    const alerts = page.locator('section', {
      has: page.getByRole('heading', { name: 'Open alerts' }),
    });
    await expect
      .poll(async () => new Set(await alerts.locator('bdi').allTextContents()))
      .toEqual(new Set(['Large', ...names]));
    await page.getByLabel('Order').selectOption('change');
    await expect.poll(async () => new Set(await namesOf('.rows'))).toEqual(new Set(names));
    await expectTextsOnly(page);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is found by a search for it', async (context) => {
    const { page, complaints } = await open(context, '');
    await settle(page);
    for (const name of nasty) {
      await page.locator('#search').fill(name.slice(0, 100));
      await expect
        .poll(async () => {
          const found = await page.locator('.rows tbody bdi').allTextContents();
          return found.length < 4 && found.includes(name);
        })
        .toBe(true);
      expect(new URL(page.url()).search).toBe('');
    }
    await expectTextsOnly(page);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is shown as text by the view of the customer and of its subscriptions', async (context) => {
    const { page, complaints } = await open(context, '');
    for (const [index, name] of nasty.entries()) {
      await page.evaluate(`location.hash = '#/customers/${subscriptionId(index + 2)}'`);
      await expect.poll(() => page.locator('.who bdi').textContent()).toBe(name);
    }
    await page.evaluate(`location.hash = '#/customers/${large}'`);
    const shown = page.locator('.columns tbody:not(.paper) bdi');
    await expect.poll(() => shown.allTextContents()).toEqual(names.slice(0, subscriptions));
    expect(await page.getByLabel('Answer for').locator('option').count()).toBe(subscriptions + 1);
    await expectTextsOnly(page);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is no formula in the CSV', async (context) => {
    const { page, complaints } = await open(context, '');
    await settle(page);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV of these customers' }).click();
    const saved = readFileSync(await (await download).path(), 'utf8');
    expect(saved).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`);
    expect(saved).toContain(`,'@SUM(1+1)*cmd|calc,`);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the search', () => {
  it('never takes back what is typed, and follows the address', async (context) => {
    const { page } = await open(context, '');
    await settle(page);
    const field = page.locator('#search');
    await field.fill('Large ');
    await expect.poll(() => page.url()).toContain('search=Large');
    await settle(page);
    expect(await field.inputValue()).toBe('Large ');
    await page.evaluate(`location.hash = '#/?search=other'`);
    await expect.poll(() => field.inputValue()).toBe('other');
    await page.close();
  });
});

describe('the keyboard alone', () => {
  it('keeps its place while pages of the ranking come, and when its row leaves the sight', async (context) => {
    const { page } = await openView(needBrowser(context, browser), server.url);
    await settle(page);
    // Pages of ten.
    await page.route('**/api/customers?**', (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('top', '10');
      return route.continue({ url: url.href });
    });
    await page.getByLabel('Outcome').selectOption('usage');
    await expect.poll(() => page.locator('.count').textContent()).toContain('and more below');
    await page.locator('.rows tbody a').first().focus();
    const last = page.locator(`.rows tr[aria-rowindex="${names.length + 2}"] a`);
    await expect
      .poll(async () => {
        await page.keyboard.press('End');
        return (await last.count()) > 0 && last.evaluate((link) => link.matches(':focus'));
      })
      .toBe(true);
    await page.evaluate(`document.querySelector('.rows').scrollTop = 0`);
    await expect.poll(() => last.count()).toBe(0);
    await page.keyboard.press('ArrowUp');
    const before = page.locator(`.rows tr[aria-rowindex="${names.length + 1}"] a`);
    await expect.poll(() => before.evaluate((link) => link.matches(':focus'))).toBe(true);
    await page.close();
  });

  it('leads from the overview to a customer that prints to one A4 page', async (context) => {
    const { page, complaints } = await open(context, '');
    await settle(page);
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'To the figures' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await page.keyboard.type('Large');
    await expect.poll(() => page.locator('.rows tbody bdi').allTextContents()).toEqual(['Large']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Billing periods' }).waitFor();
    await settle(page);
    expect(countPages(await page.pdf({ preferCSSPageSize: true }))).toBe(1);
    await page.emulateMedia({ media: 'print' });
    const section = page.locator('section', {
      has: page.getByRole('heading', { name: 'Subscriptions and plans' }),
    });
    expect(await section.locator('tbody th:visible').count()).toBe(15);
    const others = section.locator('.paper');
    expect(await others.textContent()).toContain(`${subscriptions - 15} others`);
    let sum = new Big(0);
    for (let index = 15; index < subscriptions; index++) sum = sum.plus(costOf(index));
    expect(await others.locator('.amount').getAttribute('title')).toBe(`${sum.toFixed()} EUR`);
    await page.emulateMedia({ media: 'screen' });
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Movers' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
