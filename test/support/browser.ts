import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { TestContext } from 'vitest';
import { skipTest } from './platform.ts';

const commands = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium or Chrome on the PATH; undefined where there is none. */
export async function startBrowser(): Promise<Browser | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const files = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  const executablePath = files.find((file) => existsSync(file));
  if (executablePath === undefined) return undefined;
  return chromium.launch({
    executablePath,
    // No sandbox, as a container's root has none; nothing but our own page is opened.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}

/** Skips the test where there is no browser; where EXPECT_BROWSER is set it fails. */
export function needBrowser(context: TestContext, browser: Browser | undefined): Browser {
  if (browser) return browser;
  const reason = `none of ${commands.join(', ')} is on the PATH: no page is opened in a browser`;
  if (process.env['EXPECT_BROWSER']) throw new Error(`expected a browser, but ${reason}`);
  return skipTest(context, reason);
}

/** The pages of a PDF: each is an object of the type `Page` (ISO 32000-1, table 30). */
export function countPages(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
