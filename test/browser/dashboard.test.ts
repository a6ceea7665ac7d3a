import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { InvocationContext } from '@azure/functions';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { servicesOf } from '../../src/app/functionServices.ts';
import { openHistory } from '../../src/app/openTables.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createTravellingClock } from '../../src/cli/travellingClock.ts';
import { loadConfig, loadHistoryConfig } from '../../src/config/loadConfig.ts';
import { type ApiServer, startApiServer } from '../../src/http/apiServer.ts';
import type { ApiServices } from '../../src/http/apiServices.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { countPages, needBrowser, startBrowser } from '../support/browser.ts';
import { endAll, startPartner } from '../support/commandLine.ts';
import { openView, settle, violations } from '../support/dashboardPage.ts';
import { type SignInProxy, startSignInProxy } from '../support/signInProxy.ts';

const customers = 150;
const nights = 12;
/** Counted from the first night. */
const missedNight = 5;
const key = 'the-right-key';

let browser: Browser | undefined;
let azurite: EmbeddedAzurite | undefined;
let server: ApiServer;
let lockedServer: ApiServer;
/** What signs people in, and the app behind it. */
let proxy: SignInProxy;
let signInServer: ApiServer;
const userName = 'ada@maple.example';
const errors: unknown[] = [];
const today = utcDateOf(Date.now());
const dayOf = (night: number) => addDays(today, night + 1 - nights);

/** Nights of a real app: one is missed, and in the last two every 75th customer fails. */
beforeAll(async () => {
  browser = await startBrowser();
  if (browser === undefined) return;
  azurite = await startAzurite();
  const clock = createTravellingClock(Date.parse(`${dayOf(0)}T02:30:00Z`));
  const options = { customers, clock };
  const { settings } = await startPartner(options, azurite.connectionString);
  const faults = { customerFails: { oneIn: 75 } };
  const faulty = await startPartner({ ...options, faults }, azurite.connectionString);
  const { SNAPSHOT_TABLE_PREFIX = '' } = settings;
  const apps = [settings, { ...faulty.settings, SNAPSHOT_TABLE_PREFIX }].map((each) =>
    createApp(loadConfig(each), { emit: () => {} }, clock),
  );
  for (let night = 0; night < nights; night++) {
    if (night === missedNight) continue;
    clock.goTo(Date.parse(`${dayOf(night)}T02:30:00Z`));
    const isFaulty = night >= nights - 2;
    const result = await apps[isFaulty ? 1 : 0]?.runSnapshot({ trigger: 'timer' });
    expect(result).toMatchObject({ run: { status: isFaulty ? 'partial' : 'complete' } });
  }
  for (const app of apps) await app.close();
  const context = openHistory(loadHistoryConfig(settings));
  const services: ApiServices = {
    isAllowed: () => true,
    openHistory: async () => context,
    listBadSettings: () => [],
    onError: (error) => errors.push(error),
    now: () => Date.now(),
  };
  server = await startApiServer(services);
  lockedServer = await startApiServer({
    ...services,
    isAllowed: ({ header }) => header('x-functions-key') === key,
  });
  vi.stubEnv('HTTP_AUTH', 'signIn');
  vi.stubEnv('WEBSITE_AUTH_ENABLED', 'True');
  const { isAllowed } = servicesOf(new InvocationContext());
  signInServer = await startApiServer({ ...services, isAllowed });
  proxy = await startSignInProxy(signInServer.port, userName);
  // A failing customer is asked for again, with pauses.
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await lockedServer?.close();
  await proxy?.close();
  await signInServer?.close();
  vi.unstubAllEnvs();
  await endAll();
  await azurite?.stop();
});

const open = (context: TestContext, fragment = '', options: BrowserContextOptions = {}) =>
  openView(needBrowser(context, browser), `${server.url}${fragment}`, options);

afterEach(() => expect(violations).toEqual([]));

async function askFirst(query: string): Promise<{ customerId: string; customerName: string }> {
  const answer = await fetch(`${server.url}/api/customers?top=1&${query}`);
  const { items } = (await answer.json()) as {
    items: { customerId: string; customerName: string }[];
  };
  const [first] = items;
  if (!first) throw new Error(`expected a customer with ${query}`);
  return first;
}

const viewOf = async (view: string) =>
  view === 'customer'
    ? `#/customers/${(await askFirst('outcome=usage&orderBy=percentUsed')).customerId}`
    : { overview: '', runs: '#/runs', night: `#/runs?from=${today}&to=${today}` }[view];
const views = ['overview', 'runs', 'night', 'customer'];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the page', () => {
  it.for(
    views.flatMap((view) => (['light', 'dark'] as const).map((theme) => [view, theme] as const)),
  )(
    'has nothing that axe objects to, asks no other host and complains of nothing: %s, %s',
    async ([view, colorScheme], context) => {
      needBrowser(context, browser);
      const { page, hosts, complaints } = await open(context, await viewOf(view), { colorScheme });
      await settle(page);
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.evaluate(axe);
      const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(passes.length).toBeGreaterThan(10);
      expect([...hosts]).toEqual([server.url]);
      expect(complaints).toEqual([]);
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  it.for([320, 375, 1280, 3840])(
    'is no wider than a screen of %i pixels',
    async (width, context) => {
      needBrowser(context, browser);
      for (const view of views) {
        const viewport = { width, height: 900 };
        const { page } = await open(context, await viewOf(view), { viewport });
        await settle(page);
        const widest = await page.evaluate('document.documentElement.scrollWidth');
        expect([view, widest]).toEqual([view, width]);
        await page.close();
      }
    },
  );

  it('keeps nothing for longer than the tab is open', async (context) => {
    const { page } = await open(context);
    await settle(page);
    expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
    await page.close();
  });
});

describe('the page as its reader has it', () => {
  it('is drawn in the colours of the system where they are forced', async (context) => {
    const { page, complaints } = await open(context, '', { forcedColors: 'active' });
    await settle(page);
    const [night, highlight, colours] = await page.evaluate<[string, string, number]>(`(() => {
      const night = document.querySelector('.night.complete');
      const { backgroundColor } = getComputedStyle(night);
      night.style.background = 'Highlight';
      const canvas = document.querySelector('.card canvas');
      const all = [0, 0, canvas.width, canvas.height];
      const { data } = canvas.getContext('2d').getImageData(...all);
      const colours = new Set(new Uint32Array(data.buffer)).size;
      return [backgroundColor, getComputedStyle(night).backgroundColor, colours];
    })()`);
    expect(night).toBe(highlight);
    // Bars, lines and texts, and what is between them.
    expect(colours).toBeGreaterThan(3);
    await page.evaluate(axe);
    const { violations: objections } = await page.evaluate<AxeResults>('axe.run()');
    expect(objections.map(({ id }) => id)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.for([
    ['reduce', 0],
    ['no-preference', 3],
  ] as const)(
    'moves while it waits only where that is welcome: %s',
    async ([reducedMotion, moving], context) => {
      const { page } = await open(context, '#/runs', { reducedMotion });
      await settle(page);
      let answer = () => {};
      const held = new Promise<void>((resolve) => {
        answer = resolve;
      });
      await page.route('**/api/totals?**', async (route) => {
        await held;
        await route.continue();
      });
      await page.route('**/api/totals', async (route) => {
        await held;
        await route.continue();
      });
      await page.keyboard.press('1');
      await page.getByRole('heading', { name: 'Movers' }).waitFor();
      await expect.poll(() => page.locator('.loading').count()).toBe(1);
      expect(await page.evaluate('document.getAnimations().length')).toBe(moving);
      answer();
      await settle(page);
      await page.close();
    },
  );

  it('says that it is offline, keeps its figures, and goes on when it is not', async (context) => {
    const { page } = await open(context);
    await settle(page);
    await page.context().setOffline(true);
    await page.getByText('Offline: what is shown may be of before.').waitFor();
    expect(await page.locator('.rows tbody tr').count()).toBeGreaterThan(10);
    await page.keyboard.press('2');
    await page.getByText('The app cannot be reached.').waitFor();
    await page.context().setOffline(false);
    await expect.poll(() => page.locator('.banner').count()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('rowheader').first().waitFor();
    await page.close();
  });

  it('stops to grow where lines would be too long', async (context) => {
    const widths: number[] = [];
    for (const width of [2560, 3840]) {
      const { page } = await open(context, '', { viewport: { width, height: 900 } });
      await settle(page);
      widths.push(await page.locator('main').evaluate(({ clientWidth }) => clientWidth));
      await page.close();
    }
    expect(widths[0]).toBeLessThan(2560);
    expect(widths[1]).toBe(widths[0]);
  });
});

describe('a run', () => {
  it('has its counts, those below the plans too', async (context) => {
    const { page } = await open(context, '#/runs');
    await settle(page);
    const answer = await fetch(`${server.url}/api/runs?from=${dayOf(0)}&to=${dayOf(0)}`);
    const { items } = (await answer.json()) as {
      items: { runId: string; depthCaptured: number; customersListed: number }[];
    };
    const [run] = items;
    expect(run?.depthCaptured).toBeGreaterThan(0);
    const cells = page.locator(`tr[title="${run?.runId}"] td`);
    await expect.poll(() => cells.nth(9).textContent()).toBe(`${run?.depthCaptured}`);
    expect(await cells.nth(4).textContent()).toBe(`${run?.customersListed}`);
    await page.close();
  });

  it('has the reasons of its failures, with a correlation id, to copy for a support case', async (context) => {
    const { page } = await open(context, `#/runs?from=${today}&to=${today}`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await settle(page);
    const answer = await fetch(`${server.url}/api/runs/failures?date=${today}`);
    const { items } = (await answer.json()) as { items: Record<string, string>[] };
    const [failure = {}] = items;
    const row = page.locator('.failures').first().locator('tbody tr').first();
    expect(failure['correlationId']).toMatch(/^[\da-f-]{36}$/);
    expect(await row.textContent()).toContain(failure['correlationId']);
    expect(await row.textContent()).toContain(failure['message']);
    await row.getByRole('button').click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    for (const fact of ['customerId', 'code', 'message', 'correlationId', 'requestId']) {
      expect(copied).toContain(failure[fact]);
    }
    expect(copied).toContain(`Day: ${today}`);
    await page.close();
  });
});

describe('the nights', () => {
  it('are shown for 35 days: whole, partial, missed and before the first', async (context) => {
    const { page } = await open(context);
    await settle(page);
    const kinds = await page
      .locator('.strip .night')
      .evaluateAll((cells) => cells.map(({ className }) => className.replace('night ', '')));
    expect(kinds).toHaveLength(35);
    const recorded = Array.from({ length: nights }, (_, night) =>
      night === missedNight ? 'missing' : night >= nights - 2 ? 'partial' : 'complete',
    );
    expect(kinds.slice(-nights)).toEqual(recorded);
    expect(new Set(kinds.slice(0, -nights))).toEqual(new Set(['before']));
    await page.close();
  });

  it('name who fails, and for how long', async (context) => {
    const { page } = await open(context);
    await settle(page);
    const { customerName } = await askFirst(`outcome=failed&date=${today}`);
    const line = page.locator('.failing li', { hasText: customerName });
    await expect.poll(() => line.first().textContent()).toContain('for 2 days');
    await page.close();
  });

  it('are gone through by arrows, and opened by Enter', async (context) => {
    const { page } = await open(context);
    await settle(page);
    await page.locator('.strip a[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Customers failed' }).waitFor();
    const yesterday = addDays(today, -1);
    expect(new URL(page.url()).hash).toBe(`#/runs?from=${yesterday}&to=${yesterday}`);
    await page.close();
  });
});

describe('all customers', () => {
  it('cost this month what its days add up to, against the last one, and lack what was not recorded', async (context) => {
    const { page } = await open(context, '#/?currency=EUR');
    await settle(page);
    const { items } = (await (await fetch(`${server.url}/api/totals?currency=EUR`)).json()) as {
      items: { date: string; dailyCost: number }[];
    };
    const sumOf = (month: string) =>
      items
        .filter(({ date }) => date.startsWith(month))
        .reduce((sum, { dailyCost }) => sum + dailyCost, 0);
    const months = [today, addDays(`${today.slice(0, 7)}-01`, -1)].map((date) => date.slice(0, 7));
    const format = new Intl.NumberFormat('en-GB', {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    });
    const expected = months.map((month) =>
      sumOf(month) === 0 ? '–' : format.format(sumOf(month)),
    );
    const costs = page.locator('.months dd');
    await expect.poll(() => costs.allTextContents()).toEqual(expected);
    const recorded = items.filter(({ date }) => date.startsWith(months[0] ?? '')).length;
    const days = Number(today.slice(8));
    if (recorded < days) {
      await page.getByText(`: ${recorded} of ${days} days recorded`).first().waitFor();
    }
    await page.close();
  });

  it('have the first night marked, which is no day', async (context) => {
    const { page } = await open(context, '#/?currency=EUR');
    await settle(page);
    await page.getByText('* first night: the billing periods so far').waitFor();
    const chart = page.getByRole('slider', { name: 'Daily cost in EUR' });
    await chart.focus();
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuetext')).toContain('first night');
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).not.toContain('first night');
    await page.close();
  });
});

describe('the ranking', () => {
  const names = (page: Page) => page.locator('.rows tbody th').allTextContents();

  it('is searched by "/", opened by arrow and Enter, and left by Escape', async (context) => {
    const { page } = await open(context);
    await settle(page);
    const { customerId, customerName } = await askFirst('orderBy=totalCost');
    await page.keyboard.press('/');
    await page.keyboard.type(customerId.slice(0, 13));
    await expect.poll(() => names(page)).toEqual([customerName]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Billing periods' }).waitFor();
    await expect.poll(() => page.title()).toBe(`${customerName}: Azure usage`);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Movers' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/');
    await page.close();
  });

  it('has every customer, but only rows in sight in the document', async (context) => {
    const { page } = await open(context);
    await settle(page);
    await page.locator('.rows tbody a').first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('.count').textContent()).toBe(`${customers} customers`);
    await page.keyboard.press('End');
    const last = page.locator(`.rows tr[aria-rowindex="${customers + 1}"] a`);
    await expect.poll(() => last.evaluate((link) => link.matches(':focus'))).toBe(true);
    expect(await page.locator('.rows tbody tr').count()).toBeLessThan(60);
    await page.close();
  });

  it('is by order, outcome and currency what its URL says, and goes back', async (context) => {
    const { page } = await open(context, '#/?orderBy=dailyCost&outcome=usage&currency=EUR');
    await settle(page);
    const answer = await fetch(
      `${server.url}/api/customers?orderBy=dailyCost&outcome=usage&currency=EUR`,
    );
    const { items } = (await answer.json()) as { items: { customerName: string }[] };
    const shown = await names(page);
    expect(shown.length).toBeGreaterThan(3);
    expect(shown).toEqual(items.slice(0, shown.length).map(({ customerName }) => customerName));
    await page.getByLabel('Outcome').selectOption('failed');
    await expect.poll(() => page.url()).toContain('outcome=failed');
    await page.goBack();
    await expect.poll(() => names(page)).toEqual(shown);
    await page.close();
  });

  it('is by change what the movers are, against the day that is chosen', async (context) => {
    const { page } = await open(context, '#/?currency=EUR');
    await settle(page);
    await page.getByLabel('Order').selectOption('change');
    await expect.poll(() => page.url()).toContain('orderBy=change');
    await page.getByLabel('Compared with').first().selectOption('week');
    await expect.poll(() => page.url()).toContain('against=week');
    const answer = await fetch(`${server.url}/api/movers?against=week&currency=EUR`);
    const { items } = (await answer.json()) as { items: { customerName: string }[] };
    await settle(page);
    const shown = await names(page);
    expect(shown.length).toBeGreaterThan(3);
    expect(shown).toEqual(items.slice(0, shown.length).map(({ customerName }) => customerName));
    await page.close();
  });

  it.for(['azurePlan', 'payAsYouGo'])('can be narrowed to %s', async (plan, context) => {
    const { page } = await open(context);
    await settle(page);
    await page.getByLabel('Plan').selectOption(plan);
    const { customerName } = await askFirst(`plan=${plan}`);
    await expect.poll(async () => (await names(page))[0]).toBe(customerName);
    expect(page.url()).toContain(`plan=${plan}`);
    await page.close();
  });

  it.for([
    [
      '#/?orderBy=dailyCost&currency=EUR',
      'these customers',
      'customers?orderBy=dailyCost&currency=EUR',
    ],
    ['#/?orderBy=change&search=a', 'these customers', 'movers?search=a'],
    ['#/', 'all alerts of these days', 'budget-alerts'],
    ['#/runs', 'these runs', 'runs'],
    ['customer', 'these days', ''],
  ])(
    'and all else is saved as CSV with all digits, as the app writes it: %s %s',
    async ([view = '', of = '', route = ''], context) => {
      needBrowser(context, browser);
      const fragment = view === 'customer' ? await viewOf('customer') : view;
      const { page } = await open(context, fragment);
      await settle(page);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: `CSV of ${of}` }).click();
      const saved = readFileSync(await (await download).path(), 'utf8');
      const path = route || `${fragment?.slice(2)}/history`;
      const answer = await fetch(`${server.url}/api/${path}`, { headers: { accept: 'text/csv' } });
      expect(saved).toBe(await answer.text());
      expect(saved.split('\r\n').length).toBeGreaterThan(3);
      await page.close();
    },
  );

  it('shows on hover all digits that were sent', async (context) => {
    const { page } = await open(context);
    await settle(page);
    const text = await (await fetch(`${server.url}/api/customers?top=1`)).text();
    const digits = /"totalCost":([\d.]+)/.exec(text)?.[1] ?? '';
    expect(digits.length).toBeGreaterThan(8);
    const titles = await page
      .locator('.rows tbody tr:first-child .amount')
      .evaluateAll((amounts) => amounts.map((each) => each.getAttribute('title') ?? ''));
    expect(titles.map((title) => title.replaceAll(/[^\d.]/g, ''))).toContain(digits);
    await page.close();
  });
});

describe('a customer', () => {
  it('prints to one A4 page', async (context) => {
    needBrowser(context, browser);
    const { page } = await open(context, await viewOf('customer'));
    await settle(page);
    expect(countPages(await page.pdf({ preferCSSPageSize: true }))).toBe(1);
    await page.close();
  });

  it('has its days read out by arrows, the missed one as such', async (context) => {
    needBrowser(context, browser);
    const { page } = await open(context, await viewOf('customer'));
    await settle(page);
    const chart = page.getByRole('slider', { name: /^Daily cost/ });
    await chart.focus();
    await page.keyboard.press('End');
    for (let night = nights - 1; night > missedNight; night--)
      await page.keyboard.press('ArrowLeft');
    expect(await chart.getAttribute('aria-valuetext')).toContain('no run recorded this day');
    await page.close();
  });

  it('has what caused its alerts, where that is known', async (context) => {
    needBrowser(context, browser);
    const answer = await fetch(`${server.url}/api/budget-alerts`);
    const { items } = (await answer.json()) as {
      items: { customerId: string; causes: string | null }[];
    };
    const known = items.find(({ causes }) => causes);
    if (!known?.causes) throw new Error('expected an alert with causes');
    const { page } = await open(context, `#/customers/${known.customerId}`);
    await page.getByText(known.causes).first().waitFor();
    await page.close();
  });

  it('shows what was received of it and of a subscription, once asked for', async (context) => {
    const { page } = await open(context, await viewOf('customer'));
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/raw')) asked.push(request.url());
    });
    await settle(page);
    expect(asked).toEqual([]);
    const { customerId } = await askFirst('outcome=usage&orderBy=percentUsed');
    const path = `${server.url}/api/customers/${customerId}`;
    const { items } = (await (await fetch(`${path}/subscriptions`)).json()) as {
      items: { subscriptionId: string }[];
    };
    const subscriptionId = items[0]?.subscriptionId ?? '';
    const shown = page.locator('.received');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect.poll(() => shown.textContent()).toBe(await (await fetch(`${path}/raw`)).text());
    await page.getByLabel('Answer for').selectOption(subscriptionId);
    await expect.poll(() => shown.count()).toBe(0);
    await page.getByRole('button', { name: 'Show' }).click();
    const received = await fetch(`${path}/raw?subscriptionId=${subscriptionId}`);
    await expect.poll(() => shown.textContent()).toBe(await received.text());
    expect(asked).toHaveLength(2);
    await page.close();
  });

  it('that never was is told from one that cannot be read', async (context) => {
    const { page } = await open(context, '#/customers/00000000-0000-4000-8000-000000000000');
    await page.getByText('Not found.').first().waitFor();
    await page.close();
  });
});

describe('what stands in the way', () => {
  it('is a key, asked for once and kept in the tab, never in a URL', async (context) => {
    const page = await needBrowser(context, browser).newPage();
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await page.goto(`${lockedServer.url}/api/dashboard`);
    await page.getByLabel('Key', { exact: true }).fill('a-wrong-key');
    await page.keyboard.press('Enter');
    await page.getByText('The key was not accepted.').waitFor();
    await page.evaluate(axe);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.getByLabel('Key', { exact: true }).fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Movers' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Movers' }).waitFor();
    expect(urls.filter((url) => url.includes('key'))).toEqual([]);
    await page.getByRole('button', { name: 'Forget the key' }).click();
    await page.getByLabel('Key', { exact: true }).waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await page.close();
  });

  it('is a sign-in, where the platform has one, which shows who it is', async (context) => {
    const tabs = await needBrowser(context, browser).newContext();
    const address = `${proxy.url}/api/dashboard#/runs`;
    const page = await tabs.newPage();
    await page.goto(address);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.getByText(userName).waitFor();
    expect(page.url()).toBe(address);
    const other = await tabs.newPage();
    await other.goto(address);
    await other.getByText(userName).waitFor();
    await other.getByRole('link', { name: 'Sign out' }).click();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByText(userName).count()).toBe(0);
    await tabs.close();
  });

  it.for(['light', 'dark'] as const)(
    'is a sign-in again, once that has expired, with nothing that axe objects to: %s',
    async (colorScheme, context) => {
      const page = await needBrowser(context, browser).newPage({ colorScheme });
      await page.goto(`${proxy.url}/.auth/login/aad?post_login_redirect_uri=/api/dashboard`);
      await page.getByRole('heading', { name: 'Movers' }).waitFor();
      await settle(page);
      proxy.expire();
      await page.keyboard.press('2');
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await page.evaluate(axe);
      const { violations } = await page.evaluate<AxeResults>('axe.run()');
      expect(violations.map(({ id }) => id)).toEqual([]);
      await page.close();
    },
  );

  it('is a sign-in that no header of a caller replaces', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${proxy.url}/api/totals`, { headers });
    expect((await ask({ 'X-MS-Client-Principal': 'e30=' })).status).toBe(401);
    const { headers } = await fetch(`${proxy.url}/.auth/login/aad`, { redirect: 'manual' });
    const [cookie = ''] = headers.get('set-cookie')?.split(';') ?? [];
    expect((await ask({ cookie })).status).toBe(200);
  });

  it('is a connection, and is tried again', async (context) => {
    const { page } = await open(context, '#/runs');
    await settle(page);
    await page.route('**/api/totals**', (route) => route.abort());
    await page.keyboard.press('1');
    await page.getByText('The app cannot be reached.').waitFor();
    await page.unroute('**/api/totals**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('slider').first().waitFor();
    await page.close();
  });

  it('is nothing where nothing was recorded, which is said', async (context) => {
    const { page } = await open(context, '#/?from=2025-01-01&to=2025-01-31');
    await settle(page);
    await page.getByText('No customer was recorded.').waitFor();
    await page.getByText('No totals in these days.').waitFor();
    await page.close();
  });

  it('is told where no script runs', async (context) => {
    const { page } = await open(context, '', { javaScriptEnabled: false });
    expect(await page.locator('main').textContent()).toContain('This page needs JavaScript.');
    await page.close();
  });
});
