import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { ExecutionContext } from 'ava';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { isRoot } from '../../scripts/host/user.ts';
import { which } from '../../scripts/host/which.ts';
import { ensureTools } from '../tools.ts';

/** Screenshots stay here, for people. */
export const screenshots = join(tmpdir(), 'lvs-lab-screenshots');
/** The narrowest one is that of WCAG’s criterion of reflow, and of small phones. */
export const sizes = { phone: [360, 800], desktop: [1280, 800], wide: [1920, 1080] } as const;

/** Debian's chromium, which is installed if it is missing. The caller closes it. */
export async function startBrowser(): Promise<Browser> {
  await ensureTools({ chromium: 'chromium' });
  await mkdir(screenshots, { recursive: true });
  const executablePath = (await which('chromium')) ?? 'chromium';
  // Chromium's sandbox does not work for root; the pages are the kit's own.
  return chromium.launch({ executablePath, args: isRoot() ? ['--no-sandbox'] : [] });
}

/** A page that notices what it must not do: ask others, break its own policy, fail. */
export interface Watched {
  page: Page;
  /** Requests to others than the server, errors and messages of the console. */
  complaints: string[];
  /** Bytes of answers that ended. */
  bytes(): number;
}

export async function open(
  t: ExecutionContext,
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  t.teardown(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  let bytes = 0;
  const { origin } = new URL(address);
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`asks ${request.url()}`);
  });
  page.on('response', async (response) => {
    if (!response.url().includes('/events')) bytes += (await response.body().catch(() => '')).length;
  });
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  return { page, complaints, bytes: () => bytes };
}

/** What axe finds wrong by WCAG 2.2 AA, and by its best practices. */
export async function violations(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations: found } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

/** Photographs a state of a page at each size, light and dark. */
export async function photograph(page: Page, state: string): Promise<void> {
  for (const [size, [width, height]] of Object.entries(sizes)) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(screenshots, `${state}-${size}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Active and inactive connections as the page shows them, by real server. */
export async function numbersOn(page: Page): Promise<[string, number, number][]> {
  const rows = await page.locator('#table-director-0 tbody tr').all();
  return Promise.all(
    rows.map(async (row): Promise<[string, number, number]> => {
      const [server = '', , , active, inactive] = await row.locator('th, td').allInnerTexts();
      return [server.split(' ')[0] ?? '', Number(active), Number(inactive)];
    }),
  );
}
