import type { Browser, Page } from 'playwright-core';

/** Times of the page in Chromium, in milliseconds; each opens a tab of its own. */

async function inTab<T>(browser: Browser, address: string, measure: (page: Page) => Promise<T>) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    await page.goto(address);
    return await measure(page);
  } finally {
    await page.close();
  }
}

/** From the request of the page to its first picture, and to the rows of the ranking. */
export function timeStart(browser: Browser, address: string) {
  return inTab(browser, address, async (page) => {
    await page.locator('.rows tbody tr').first().waitFor({ timeout: 60_000 });
    return page.evaluate<{ firstMs: number; rankingMs: number }>(`({
      firstMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      rankingMs: performance.now(),
    })`);
  });
}

/** From a key in the search to the next picture, for each key that took more than a frame. */
export function timeTyping(browser: Browser, address: string, texts: readonly string[]) {
  return inTab(browser, address, async (page) => {
    await page.locator('.rows tbody tr').first().waitFor({ timeout: 60_000 });
    await page.evaluate(`{
      window.slowMs = [];
      const note = (list) => slowMs.push(...list.getEntries().map(({ duration }) => duration));
      new PerformanceObserver(note).observe({ type: 'event', durationThreshold: 16 });
      new PerformanceObserver(note).observe({ type: 'longtask' });
    }`);
    for (const text of texts) {
      await page.locator('#search').fill('');
      await page.locator('#search').pressSequentially(text, { delay: 120 });
      await page.locator('.answer[aria-busy=false] .rows').waitFor({ timeout: 60_000 });
    }
    return page.evaluate<number[]>('slowMs');
  });
}

/** Script of each step of scrolling through all rows, once they are there. */
export function timeScrolling(
  browser: Browser,
  address: string,
  { customers, steps }: { customers: number; steps: number },
) {
  return inTab(browser, address, async (page) => {
    await page.locator('.rows tbody a').first().focus({ timeout: 60_000 });
    const last = page.locator(`.rows tr[aria-rowindex="${customers + 1}"]`);
    for (let pages = 0; (await last.count()) === 0; pages++) {
      if (pages === 200) throw new Error(`expected ${customers} rows`);
      await page.keyboard.press('End');
      await page.waitForTimeout(500);
    }
    await page.evaluate(`document.querySelector('.rows').scrollTop = 0`);
    const session = await page.context().newCDPSession(page);
    // Of the thread: a busy machine does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const scriptMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
    };
    const times: number[] = [];
    for (let step = 0; step < steps; step++) {
      const before = await scriptMs();
      // Until the picture after the step.
      await page.evaluate(`new Promise((resolve) => {
        document.querySelector('.rows').scrollBy(0, 360);
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      })`);
      times.push((await scriptMs()) - before);
    }
    return times;
  });
}

/** From the last byte of a history to the picture with its charts. */
export function timeCharts(browser: Browser, address: string, fragment: string) {
  return inTab(browser, address, async (page) => {
    await page.locator('.rows tbody tr').first().waitFor({ timeout: 60_000 });
    return page.evaluate<number>(`new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        if (document.querySelectorAll('figure canvas').length < 2) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => {
          const [answer] = performance
            .getEntriesByType('resource')
            .filter(({ name }) => name.includes('/history?') && !name.includes('interval='));
          resolve(performance.now() - answer.responseEnd);
        }));
      }).observe(document.body, { childList: true, subtree: true });
      location.hash = ${JSON.stringify(fragment)};
    })`);
  });
}
