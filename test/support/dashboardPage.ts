import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

/** A view of the page in a tab of its own, with what it asks for and complains of. */
export interface OpenView {
  page: Page;
  hosts: Set<string>;
  /** What stands on the console, errors and dialogs. */
  complaints: string[];
}

/** What the content security policy has refused in any tab. */
export const violations: string[] = [];

/** @param address of the server, with the fragment of the view */
export async function openView(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenView> {
  const page = await browser.newPage({ locale: 'en-GB', ...options });
  const hosts = new Set<string>();
  const complaints: string[] = [];
  await page.exposeFunction('noteViolation', (text: string) => violations.push(text));
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) =>
      noteViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))`,
  );
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const [server = '', fragment = ''] = address.split('#');
  await page.goto(`${server}/api/dashboard${fragment && `#${fragment}`}`);
  return { page, hosts, complaints };
}

/** Waits until every part has its answer. */
export async function settle(page: Page): Promise<void> {
  await page.locator('main section').first().waitFor();
  await expect.poll(() => page.locator('.loading, [aria-busy=true]').count()).toBe(0);
}
