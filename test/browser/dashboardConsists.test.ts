import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import Big from 'big.js';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { ApiServer } from '../../src/http/apiServer.ts';
import { AzureBlobContainer } from '../../src/storage/azureBlobContainer.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { countPages, needBrowser, startBrowser } from '../support/browser.ts';
import { openView, settle, violations } from '../support/dashboardPage.ts';
import { type ApiRecord, type Night, record, recordNights } from '../support/detailedNights.ts';
import { startPageServer } from '../support/pageServer.ts';
import { customerId } from '../support/recorded.ts';

const nasty = '</b><img src=x onerror=alert(1)> \u202Egnp.exe';
const resources = Array.from({ length: 20 }, (_, index) => index);
const azureSubscriptions = 8;
const idOf = (index: number) => `cccccccc-0000-4000-8000-00000000010${index}`;
const nameOf = (index: number) => (index === 7 ? nasty : `Sub ${index}`);

/** Every resource costs more each day; the first one far more on the last. */
function recordsOf(day: number): ApiRecord[] {
  return resources.map((index) => {
    const cost = new Big(index + 1).times((day - 7) ** 2);
    const more = index === 0 && day === 13 ? '900.00000000000000000001' : 0;
    const of = index % azureSubscriptions;
    return record(index === 7 ? nasty : `vm${index}`, cost.plus(more).toFixed(), {
      id: idOf(of),
      entitlementName: nameOf(of),
      group: `rg${index % 3}`,
    });
  });
}

const dateOf = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;
/** Nothing is known below the plan before the 8th; the 10th is missed. */
const nights: Night[] = [
  ...[5, 6, 7].map((day) => ({ date: dateOf(day), plans: [{ total: String((day - 4) ** 2) }] })),
  ...[8, 9, 11, 12].map((day) => ({ date: dateOf(day), plans: [{ records: recordsOf(day) }] })),
  {
    date: dateOf(13),
    plans: [{ records: recordsOf(13), total: '8460.50000000000000000001' }],
  },
];

let browser: Browser | undefined;
let azurite: EmbeddedAzurite | undefined;
let server: ApiServer;

beforeAll(async () => {
  browser = await startBrowser();
  if (browser === undefined) return;
  azurite = await startAzurite();
  const tables = createTables(azurite);
  await tables.ensureTables();
  const stores = createStores(tables, new AzureBlobContainer('usage-details', azurite));
  await recordNights(stores, nights);
  server = await startPageServer(stores, () => Date.parse('2026-03-14T05:00:00Z'));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await azurite?.stop();
});
afterEach(() => expect(violations).toEqual([]));

const view = `#/customers/${customerId}`;
const path = `customers/${customerId}`;

async function open(context: TestContext, query = '', options: BrowserContextOptions = {}) {
  const address = `${server?.url}${view}${query}`;
  const opened = await openView(needBrowser(context, browser), address, options);
  await settle(opened.page);
  return opened;
}

const summary = (page: Page) => page.locator('summary', { hasText: 'What it consists of' });
const section = (page: Page) => page.locator('section.box', { has: summary(page) });

async function openSection(page: Page): Promise<void> {
  await summary(page).click();
  await section(page).getByRole('heading', { name: 'What moved', exact: true }).waitFor();
  await settle(page);
}

async function ask(route: string): Promise<string> {
  const answer = await fetch(`${server.url}/api/${path}/${route}`);
  return answer.text();
}

/** The exact amounts that a row has on hover. */
async function amountsOf(page: Page, row: string): Promise<string[]> {
  const amounts = section(page).getByRole('row', { name: row }).first().locator('.amount');
  const titles = await amounts.evaluateAll((all) => all.map((each) => each.getAttribute('title')));
  return titles.map((title) => (title ?? '').replaceAll(/[^\d.-]/g, ''));
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('what a cost consists of', () => {
  it('is asked for only when it is opened, and by the keyboard alone', async (context) => {
    const { page, complaints } = await open(context);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.waitForLoadState('networkidle');
    expect(asked).toEqual([]);
    await summary(page).focus();
    await page.keyboard.press('Enter');
    await section(page).getByRole('row', { name: 'Together' }).waitFor();
    expect(asked).toContain(`${server.url}/api/${path}/changes`);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.for(['light', 'dark'] as const)(
    'has nothing that axe objects to, and shows names as text: %s',
    async (colorScheme, context) => {
      const { page, hosts, complaints } = await open(context, '', { colorScheme });
      await openSection(page);
      await section(page).getByText(nasty).first().waitFor();
      expect(await page.locator('main img').count()).toBe(0);
      await page.evaluate(axe);
      const { violations: objections } = await page.evaluate<AxeResults>('axe.run()');
      expect(objections.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect([...hosts]).toEqual([server.url]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('is no wider than a phone, and not on paper', async (context) => {
    const { page } = await open(context, '', { viewport: { width: 320, height: 900 } });
    await openSection(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(countPages(await page.pdf({ preferCSSPageSize: true }))).toBe(1);
    await page.emulateMedia({ media: 'print' });
    expect(await section(page).isVisible()).toBe(false);
    await page.close();
  });
});

describe('the table of what moved', () => {
  const rows = (page: Page) => section(page).locator('table').first().locator('tbody tr');

  it('has the largest first and adds up, with all digits on hover', async (context) => {
    const { page } = await open(context);
    await openSection(page);
    expect(await rows(page).count()).toBe(17);
    expect(await rows(page).first().textContent()).toContain('vm0 rg0, Sub 0');
    expect(await amountsOf(page, 'vm0')).toEqual([
      '9',
      '911.00000000000000000001',
      '902.00000000000000000001',
    ]);
    const amounts = await rows(page)
      .locator('.amount')
      .evaluateAll((all) => all.map((each) => each.getAttribute('title') ?? ''));
    const digits = amounts.map((title) => title.replaceAll(/[^\d.-]/g, ''));
    const sums = [0, 1, 2].map((column) =>
      digits
        .filter((_, index) => index % 3 === column)
        .reduce((sum, each) => sum.plus(each), new Big(0))
        .toFixed(),
    );
    expect(sums).toEqual(await amountsOf(page, 'Together'));
    expect(await ask('changes')).toContain(`"change":${sums[2]},`);
    expect((await amountsOf(page, 'All else, unexplained')).at(-1)).toBe('0.5');
    expect(await section(page).getByRole('row', { name: '5 others' }).count()).toBe(1);
    await page.close();
  });

  it('is split and compared as the URL says, which is opened with it', async (context) => {
    const { page } = await open(context);
    await openSection(page);
    await section(page).getByLabel('Split').selectOption('azureSubscription');
    await settle(page);
    await expect.poll(() => rows(page).count()).toBe(azureSubscriptions + 1);
    await section(page).getByLabel('Compared with').selectOption('period');
    await section(page).getByText('cannot be compared').waitFor();
    expect(new URL(page.url()).hash).toBe(`${view}?against=period&by=azureSubscription`);
    await page.goBack();
    await expect.poll(() => rows(page).count()).toBe(azureSubscriptions + 1);
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(azureSubscriptions + 1);
    await page.close();
  });

  it('is said to be missing where nothing below the plans was recorded', async (context) => {
    const { page } = await open(context, '?to=2026-03-07&by=resource');
    await section(page).getByText('None recorded:').waitFor();
    expect(await section(page).getByText('None recorded:').textContent()).toContain('+2.00 EUR');
    await page.close();
  });
});

describe('the days by Azure subscription', () => {
  const chartOf = (page: Page) =>
    section(page).getByRole('slider', { name: 'Daily cost by Azure subscription in EUR' });
  const table = (page: Page) => section(page).locator('table.parts');

  it('show the six largest and the others, by few requests', async (context) => {
    const { page } = await open(context);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await openSection(page);
    const legend = section(page).locator('.legend bdi');
    await expect
      .poll(() => legend.allTextContents())
      .toEqual(['Sub 0', 'Sub 3', 'Sub 2', 'Sub 1', nasty, 'Sub 6', 'others, or not recorded']);
    expect(asked.filter((url) => url.includes('/history'))).toHaveLength(6);
    expect(asked).toHaveLength(8);
    await page.close();
  });

  it('have a table behind them that adds up, with all digits on hover', async (context) => {
    const { page } = await open(context);
    await openSection(page);
    await section(page).locator('summary', { hasText: 'Table' }).click();
    const digitsOf = async (day: string) => {
      const amounts = table(page).getByRole('row', { name: day }).locator('.amount');
      const titles = await amounts.evaluateAll((all) => all.map((each) => each.title));
      return titles.map((title) => title.replaceAll(/[^\d.-]/g, ''));
    };
    expect(await digitsOf('13 Mar 2026')).toEqual([
      '1197.00000000000000000001',
      ...['396', '363', '330', '264', '242', '418.5', '3210.50000000000000000001'],
    ]);
    const spanning = table(page).getByRole('row', { name: '11 Mar 2026' });
    expect(await spanning.locator('td').first().textContent()).toBe('2 days 324.00');
    // Before anything was recorded below the plan.
    expect(await digitsOf('7 Mar 2026')).toEqual(['5', '5']);
    await page.close();
  });

  it('are drawn in seven colours, and read out by arrows', async (context) => {
    const { page } = await open(context);
    await openSection(page);
    await chartOf(page).waitFor();
    const missing = await page.evaluate<string[]>(`(() => {
      const canvas = document.querySelector('.box.screen canvas');
      const all = [0, 0, canvas.width, canvas.height];
      const { data } = canvas.getContext('2d').getImageData(...all);
      const pixels = new Set(new Uint32Array(data.buffer));
      const style = getComputedStyle(canvas);
      return ['soft', 'part1', 'part2', 'part3', 'part4', 'part5', 'part6'].filter((name) => {
        const [, red, green, blue] = /^#(..)(..)(..)$/.exec(style.getPropertyValue('--' + name));
        return !pixels.has(parseInt('ff' + blue + green + red, 16));
      });
    })()`);
    expect(missing).toEqual([]);
    await chartOf(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await chartOf(page).getAttribute('aria-valuetext')).toContain(
      '12 Mar 2026: 1,890.00 EUR, Sub 0 243.00, Sub 3 324.00,',
    );
    await page.close();
  });

  it('are said to be missing of a day without any', async (context) => {
    const { page } = await open(context, '?to=2026-03-07&by=resource');
    await section(page).getByText('None recorded on that day.').waitFor();
    await page.close();
  });
});

describe('the tree of what moved', () => {
  const tree = (page: Page) => section(page).locator('.tree');
  const names = (page: Page) => tree(page).locator('bdi').allTextContents();

  it('leads from the plan to the resource, by the keyboard, and adds up', async (context) => {
    const { page, complaints } = await open(context);
    await openSection(page);
    await tree(page).locator('summary').first().focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => names(page)).toEqual(['Azure plan', 'Unexplained']);
    for (const [name, below] of [
      ['Azure plan', azureSubscriptions],
      ['Sub 0', 3],
      ['rg0', 1],
    ] as const) {
      const before = await tree(page).locator('bdi').count();
      await tree(page).locator('summary', { hasText: name }).first().focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => tree(page).locator('bdi').count()).toBe(before + below);
    }
    const resource = tree(page).locator('p', { hasText: 'vm0' });
    expect(await resource.textContent()).toBe('▲ +902.00vm0, Microsoft.Compute/virtualMachines');
    const plan = tree(page).locator('summary', { hasText: 'Azure plan' }).locator('.amount');
    expect(await plan.getAttribute('title')).toBe('1,320.00000000000000000001 EUR');
    await page.evaluate(axe);
    const { violations: objections } = await page.evaluate<AxeResults>('axe.run()');
    expect(objections.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the resources of a customer', () => {
  const found = (page: Page) => section(page).locator('.resources');
  const rows = (page: Page) => found(page).locator('tbody tr');

  it('are the largest of the day, and those of a name, which is in the URL', async (context) => {
    const { page, complaints } = await open(context);
    await openSection(page);
    await found(page).locator('summary').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(page).count()).toBe(15);
    expect(await rows(page).first().textContent()).toBe(
      'vm0 rg0, Sub 0, Microsoft.Compute/virtualMachines936.00 EUR',
    );
    const amount = rows(page).first().locator('.amount');
    expect(await amount.getAttribute('title')).toBe('936.00000000000000000001 EUR');
    await page.getByLabel('Search resources by name').fill('VM1');
    await expect.poll(() => rows(page).count()).toBe(11);
    expect(new URL(page.url()).hash).toBe(`${view}?search=VM1`);
    await page.evaluate(axe);
    const { violations: objections } = await page.evaluate<AxeResults>('axe.run()');
    expect(objections.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(11);
    await page.getByLabel('Search resources by name').fill('nowhere');
    await found(page).getByText('No resource of that name.').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
