import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBrowser } from '../test/support/browser.ts';

/**
 * Takes pictures of each view of the page in three widths and both themes.
 *
 *     node scripts/screenshots.ts ADDRESS FOLDER
 *
 * The address is the one that `npm run demo -- --serve` prints.
 */
const [address = '', folder = ''] = process.argv.slice(2);
if (!URL.canParse(address) || folder === '') {
  console.error('expected the address of the page and a folder for the pictures');
  process.exit(2);
}
const { origin } = new URL(address);

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${origin}/api/${path}`);
  if (!answer.ok) throw new Error(`${path}: expected 200, got ${answer.status}`);
  return (await answer.json()) as Answer;
}

const { date, items } = await ask<{ date: string; items: { customerId: string }[] }>(
  'customers?orderBy=percentUsed&top=1&outcome=usage',
);
const views = {
  overview: '#/',
  change: '#/?orderBy=change&against=week',
  runs: '#/runs',
  night: `#/runs?from=${date}&to=${date}`,
  customer: `#/customers/${items[0]?.customerId}`,
  consists: `#/customers/${items[0]?.customerId}?by=resource`,
};

const browser = await startBrowser();
if (!browser) throw new Error('expected Chromium or Chrome on the PATH');
mkdirSync(folder, { recursive: true });
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [375, 1280, 2560]) {
      const page = await browser.newPage({
        colorScheme,
        locale: 'en-GB',
        viewport: { width, height: 900 },
      });
      for (const [view, fragment] of Object.entries(views)) {
        await page.goto('about:blank');
        await page.goto(`${origin}/api/dashboard${fragment}`, { waitUntil: 'networkidle' });
        const path = join(folder, `${view}-${width}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
}
