import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { readPeriodReport } from '../../src/history/periodReport.ts';
import { renderPage } from '../../src/report/page.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { countPages, needBrowser, startBrowser } from '../support/browser.ts';
import { endAll, newTablePrefix, runCommandLine } from '../support/commandLine.ts';
import { createHistory, customerId } from '../support/recorded.ts';
import { keepPeriod } from '../support/reportedDays.ts';

const month = { start: '2026-03-01', end: '2026-04-01' };
const longName = `${'Société de très longue dénomination 😀 '.repeat(12)}${'W'.repeat(300)}`;
const customers = {
  ordinary: 'aaaaaaaa-0000-4000-8000-000000000001',
  large: 'aaaaaaaa-0000-4000-8000-000000000002',
  twoParts: 'aaaaaaaa-0000-4000-8000-000000000003',
};

let browser: Browser | undefined;
let azurite: EmbeddedAzurite | undefined;
let folder: string;

/** The pages are what the command writes. */
beforeAll(async () => {
  browser = await startBrowser();
  if (browser === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  azurite = await startAzurite();
  const prefix = newTablePrefix();
  const tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  const stores = createStores(tables);
  await keepPeriod(stores, {
    ...month,
    missing: ['2026-03-10', '2026-03-11'],
    customer: { customerId: customers.ordinary },
    subscriptions: ['Azure plan', 'Visual Studio'],
    azureSubscriptions: { Production: 0.62, Development: 0.3, 'Shared services': 0.0799 },
  });
  await keepPeriod(stores, {
    ...month,
    cost: '1234567.8901234',
    customer: { customerId: customers.large, customerName: longName },
    subscriptions: Array.from({ length: 400 }, (_, index) => `${index} ${longName}`),
    azureSubscriptions: Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`${index} ${longName}`, 1 / 400]),
    ),
    subscriptionDays: ['2026-04-01'],
  });
  await keepPeriod(stores, {
    start: '2026-03-01',
    end: '2026-03-08',
    customer: { customerId: customers.twoParts },
    subscriptions: ['Azure plan'],
    subscriptionFigures: { currency: 'SEK' },
  });
  for (const [name, id] of Object.entries(customers)) {
    const { exitCode, stderr } = await runCommandLine(
      ['report', id, '--period', '2026-03', '--markup', '7.5', '--output', fileOf(name)],
      { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix },
    );
    expect(exitCode, stderr).toBe(0);
  }
});
afterAll(async () => {
  await browser?.close();
  if (azurite === undefined) return;
  await endAll();
  await azurite.stop();
  await rm(folder, { recursive: true });
});

const fileOf = (name: string) => join(folder, `${name}.html`);

/** Opens a file in a tab of its own, and notes what it asks for and complains of. */
async function open(context: TestContext, file: string, options: BrowserContextOptions = {}) {
  const page = await needBrowser(context, browser).newPage(options);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return { page, url, requests, complaints };
}

const printed = async (page: Page) => countPages(await page.pdf({ preferCSSPageSize: true }));

describe('the page of a report', () => {
  it.for(['ordinary', 'large'])('prints to one A4 page: %s', async (name, context) => {
    needBrowser(context, browser);
    const { page } = await open(context, fileOf(name));
    expect(await printed(page)).toBe(1);
    await page.close();
  });

  it('prints each part to a page of its own', async (context) => {
    needBrowser(context, browser);
    const { page } = await open(context, fileOf('twoParts'));
    expect(await page.locator('article').count()).toBe(2);
    expect(await printed(page)).toBe(2);
    // On paper that would hold both as well.
    await page.addStyleTag({ content: '@page { size: 210mm 900mm }' });
    expect(await printed(page)).toBe(2);
    await page.close();
  });

  it('asks for nothing but itself, runs nothing and complains of nothing', async (context) => {
    needBrowser(context, browser);
    for (const name of Object.keys(customers)) {
      const { page, url, requests, complaints } = await open(context, fileOf(name));
      await printed(page);
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
      expect(await page.locator('script, link, img, iframe, [onload], [onerror]').count()).toBe(0);
      await page.close();
    }
  });

  it.for([320, 375, 1280])('is no wider than a screen of %i pixels', async (width, context) => {
    needBrowser(context, browser);
    for (const name of Object.keys(customers)) {
      const { page } = await open(context, fileOf(name), { viewport: { width, height: 800 } });
      const widest = await page.evaluate('document.documentElement.scrollWidth');
      expect([name, widest]).toEqual([name, width]);
      await page.close();
    }
  });

  it('cuts off no figure, and no line of a long name, however narrow the screen', async (context) => {
    needBrowser(context, browser);
    const { page } = await open(context, fileOf('large'), {
      viewport: { width: 320, height: 800 },
    });
    const cut = await page
      .locator('td.number, dd, h1')
      .evaluateAll((cells) =>
        cells
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map(({ textContent }) => textContent),
      );
    expect(cut).toEqual([]);
    await page.close();
  });

  it('is dark where people want it, and never on paper', async (context) => {
    needBrowser(context, browser);
    const { page } = await open(context, fileOf('ordinary'));
    const ink = () => page.evaluate('getComputedStyle(document.body).color');
    const light = await ink();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ink()).not.toBe(light);
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await ink()).toBe(light);
    await page.close();
  });

  it('draws a day without figures apart from one that cost nothing', async (context) => {
    needBrowser(context, browser);
    const { page } = await open(context, fileOf('ordinary'));
    expect(await page.locator('svg .mark').allTextContents()).toEqual(['×', '×']);
    expect(await page.locator('svg .several title').textContent()).toBe(
      '2026-03-12: 64.50 EUR, of 3 days',
    );
    const lengthsOf = (bar: string) =>
      page
        .locator(bar)
        .first()
        .evaluate((each) =>
          ['height', 'width'].map((name) => parseFloat(each.getAttribute(name) ?? '')),
        );
    const [height, width = 0] = await lengthsOf('rect:not(.several)');
    const [heightOfSeveral, widthOfSeveral] = await lengthsOf('rect.several');
    expect(heightOfSeveral).toBe(height);
    expect(widthOfSeveral).toBeGreaterThan(3 * width);
    await page.close();
  });
});

const nasty = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></svg><h1>x',
  '&lt;b&gt; &amp; &#60;',
  '$\u007bcustomerName} {{x}} <%= x %>',
  '=HYPERLINK("http://evil.example")',
  '\u202Egnp.exe\u202C',
  'שלום العربية',
  '👩‍👩‍👧‍👦 é̷̛̖',
  '<!-- --><![CDATA[ ]]>',
];

/** A text as a parser of HTML reads it: line ends are one character, and NUL is none. */
const asParsed = (text: string) =>
  text.toWellFormed().replaceAll('\0', '').replaceAll(/\r\n?/g, '\n');

describe('a name that others chose', () => {
  const names = fc
    .array(
      fc.oneof(
        fc.constantFrom(...nasty),
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...'<>&"\'`=/!-{}$; \nax') }),
      ),
      { minLength: 15, maxLength: 15 },
    )
    .filter(([, domain]) => domain !== '');

  it('is shown as text, whatever it holds', async (context) => {
    needBrowser(context, browser);
    const { stores, context: history } = createHistory('2026-04-02');
    const subscriptions = Array<string>(14).fill('');
    await keepPeriod(stores, { ...month, subscriptions, azureSubscriptions: { '': 1 } });
    const report = await readPeriodReport({ customerId, month: '2026-03' }, history);
    const [period] = report?.periods ?? [];
    if (!report || !period) throw new Error('expected a period');
    const write = (drawn: readonly string[]) => {
      const [customerName = '', customerDomain = ''] = drawn;
      // The first plan is followed by its Azure subscription.
      const [first = '', azureSubscriptionName = '', ...names] = drawn;
      const renamed = period.subscriptions.map((line, index) => ({
        ...line,
        subscriptionName: [first, ...names][index] ?? '',
        azureSubscriptions: line.azureSubscriptions.map((part) => ({
          ...part,
          azureSubscriptionName,
        })),
      }));
      const changed = { ...report, customerName, customerDomain };
      const text = renderPage({ ...changed, periods: [{ ...period, subscriptions: renamed }] }, 0);
      return writeFile(fileOf('names'), text);
    };
    await write(Array(15).fill('x'));
    const { page, complaints, requests, url } = await open(context, fileOf('names'));
    const elements = await page.locator('*').count();
    await fc.assert(
      fc.asyncProperty(names, async (drawn) => {
        await write(drawn);
        await page.goto(url);
        const shown = await page.locator('bdi').allTextContents();
        const [name = '', domain = ''] = drawn;
        expect(shown).toEqual([name, domain, ...drawn].map(asParsed));
        expect(await page.title()).toContain('Azure usage 2026-03');
        expect(await page.locator('*').count()).toBe(elements);
      }),
      { numRuns: 40, seed: 7 },
    );
    expect(new Set(requests)).toEqual(new Set([url]));
    expect(complaints).toEqual([]);
    await page.close();
  });
});
