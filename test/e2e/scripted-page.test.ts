import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { BrowserContextOptions } from 'playwright-core';
import type { Check } from '../../scripts/checks/check.ts';
import { pageStyle, styleHash } from '../../scripts/host/page-files.ts';
import { reportHtml } from '../../scripts/page/report-html.ts';
import { nodesOf } from '../../scripts/plan/plan.ts';
import { testsOf } from '../listed.ts';
import { keptPath, reportOf, sizedPlan } from '../page/reports.ts';
import { planOf } from '../render/golden.ts';
import { ScriptedLab, watched } from '../watch/scripted.ts';
import { numbersOn, open, photograph, screenshots, sizes, startBrowser, violations } from './browser.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('scripted');
let browser: Awaited<ReturnType<typeof startBrowser>>;

test.before('chromium is there', async (t) => {
  browser = await startBrowser();
  t.log(`screenshots: ${screenshots}`);
});

test.after(async () => {
  await browser?.close();
});

interface Played {
  name?: string;
  servers?: number;
  readOnly?: boolean;
  options?: BrowserContextOptions;
}

/** A page of a lab that a script plays, of a given number of real servers. */
async function played(t: ExecutionContext, { name = 'dr', servers = 2, readOnly = false, options = {} }: Played = {}) {
  const lab = new ScriptedLab(await sizedPlan(name, servers));
  lab.keeps.path = await keptPath('dr');
  const server = await watched(lab, { readOnly });
  t.teardown(server.end);
  const seen = await open(t, browser, server.address, options);
  await seen.page.getByText('live', { exact: true }).waitFor();
  await seen.page.locator('#directors table').first().waitFor();
  return { lab, server, ...seen };
}

test('the page asks nobody else, breaks no policy, and is small', async (t) => {
  const { page, complaints, bytes } = await played(t, { servers: 16 });
  t.deepEqual(complaints, []);
  t.true(bytes() > 10_000 && bytes() <= 150_000, `${bytes()} bytes`);
  t.false(page.url().includes('token'), 'the token is not in the address any more');
  const timing = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime");
  t.log(`${bytes()} bytes, first paint after ${Math.round(Number(timing))} ms`);
});

test('no violation of WCAG 2.2 AA in any state, light or dark, in both languages', async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, lab } = await played(t, { options: { colorScheme } });
    const state = async (name: string) => {
      t.deepEqual(await violations(page), [], name);
      await photograph(page, `${name}-${colorScheme}`);
    };
    lab.held = [5, 3];
    await page.getByText('192.168.1.100:20004').waitFor();
    await state('running');
    lab.keeps = {
      ...lab.keeps,
      report: reportOf(lab.planned, {
        change: (check) => (check.id === 'vip' ? { ...check, ok: false, observed: 'rs1: the VIP is missing' } : check),
      }),
      broken: { seed: null, faults: [{ fault: 'vip-missing', place: 'rs1' }] },
    };
    await page.getByText('Failed: 1 of').waitFor();
    await page.getByText('broken: vip-missing (rs1)').waitFor();
    await state('broken');
    lab.error = 'connection lost';
    await page.getByText('director cannot be asked').waitFor();
    await state('unreached');
    lab.error = undefined;
    await page.getByRole('link', { name: 'Deutsch' }).click();
    await page.getByText('eingebaut: vip-missing (rs1)').waitFor();
    await page.getByText('2 aktiv').or(page.getByText('0 aktiv')).first().waitFor();
    await state('german');
  }
  const many = await played(t, { servers: 16, readOnly: true });
  many.lab.held = many.lab.held.map((_, at) => 3 * at);
  await many.page.getByText('rs16 192.168.1.19:80').waitFor();
  t.deepEqual(await violations(many.page), [], 'read-only');
  await photograph(many.page, 'sixteen-read-only');
});

test('the report has no violation either, and runs nothing', async (t) => {
  const lab = await LabCommand.inFreshFolder();
  const style = await pageStyle();
  const report = { ...reportOf(await planOf('nat')), path: await keptPath('nat') };
  const file = join(lab.folder, 'report.html');
  await writeFile(file, reportHtml(report, 'en', { style, styleHash: styleHash(style) }));
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, complaints } = await open(t, browser, pathToFileURL(file).href, { colorScheme });
    t.deepEqual(complaints, []);
    t.is(await page.locator('svg.topology').count(), 1);
    t.deepEqual(await violations(page), []);
    await photograph(page, `report-${colorScheme}`);
  }
});

test('what changes is seen soon, and flies to its real server', async (t) => {
  const { page, lab } = await played(t);
  const start = performance.now();
  lab.held = [4, 7];
  await page.locator('.topology .flights circle').first().waitFor({ state: 'attached' });
  t.log(`a new connection is seen after ${Math.round(performance.now() - start)} ms`);
  await page.locator('#connections-director').getByText('192.168.1.100:22006').waitFor();
  t.deepEqual(await numbersOn(page), [
    ['rs1', 0, 4],
    ['rs2', 1, 6],
  ]);
  await page.locator('[data-node="rs2"] .note').getByText('1 active, 6 inactive').waitFor();
});

test('nothing moves for whoever wants less motion', async (t) => {
  const { page, lab } = await played(t, { options: { reducedMotion: 'reduce' } });
  lab.held = [3, 3];
  await page.locator('[data-node="rs1"].hit').waitFor();
  t.is(await page.locator('.flights circle').count(), 0);
});

test('the keyboard alone breaks, mends, sends requests and walks through a path', async (t) => {
  const { page, lab } = await played(t);
  const focusOn = async (name: string) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement?.textContent')) === name) return;
    }
    t.fail(`Tab does not lead to ${name}`);
  };
  const press = async (name: string, done: string) => {
    await page.evaluate('document.activeElement?.blur()');
    await focusOn(name);
    await page.keyboard.press('Enter');
    await page.getByText(done).first().waitFor();
    t.is(await page.evaluate('document.activeElement?.textContent'), name, 'the focus stays');
  };
  await page.getByLabel('Fault').focus();
  await page.keyboard.type('vip-missing');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await press('Break', 'done: break');
  await press('Mend', 'done: mend');
  await press('Send requests', 'done: requests');
  t.deepEqual(lab.wishes, [
    { do: 'break', fault: 'vip-missing', place: 'rs2' },
    { do: 'mend' },
    { do: 'requests', service: 'TCP 192.168.1.3:80', count: 12 },
  ]);
  await page.getByLabel('Step', { exact: true }).focus();
  await page.keyboard.press('Home');
  await page.getByText(/^1 of \d+: SYN from client to director/).waitFor();
  t.true((await page.locator('.ladder .step.later').count()) > 0);
});

test('a page goes on when the server is started again, and shows what changed meanwhile', async (t) => {
  const lab = new ScriptedLab(await planOf('dr'));
  const first = await watched(lab);
  const { page } = await open(t, browser, first.address);
  await page.getByText('live', { exact: true }).waitFor();
  await first.end();
  await page.getByText('no connection to lab watch').waitFor();
  lab.held = [2, 9];
  const second = await watched(lab, { port: first.port });
  t.teardown(second.end);
  await page.getByText('live', { exact: true }).waitFor();
  await page.locator('#connections-director').getByText('192.168.1.100:22008').waitFor();
  t.is(await page.evaluate("performance.getEntriesByType('navigation').length"), 1);
});

test('sixteen real servers and a thousand requests a second do not choke it', async (t) => {
  const { page, lab } = await played(t, { servers: 16 });
  await page.evaluate(
    "window.longest = 0; new PerformanceObserver((all) => { for (const one of all.getEntries()) window.longest = Math.max(window.longest, one.duration); }).observe({ type: 'longtask' })",
  );
  const each = setInterval(() => {
    lab.held = lab.held.map((count) => count + 6);
  }, 96);
  await page.getByText(/^and [1-9]\d{3} more$/).waitFor();
  clearInterval(each);
  const expected = lab.held.map((count, at): [string, number, number] => [`rs${at + 1}`, at, count - at]);
  const isThere = async () => JSON.stringify(await numbersOn(page)) === JSON.stringify(expected);
  while (!(await isThere())) await page.waitForTimeout(20);
  t.deepEqual(await numbersOn(page), expected);
  t.true((await page.locator('#connections-director tbody tr').count()) <= 101);
  t.true((await page.locator('.flights > g').count()) <= 40);
  t.log(`the longest task of the page took ${Math.round(Number(await page.evaluate('window.longest')))} ms`);
});

test('the focus stays where it was when a part is drawn anew, and comes back when its thing does', async (t) => {
  const { page, lab } = await played(t);
  const focused = () =>
    page.evaluate("document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id");
  await page.getByRole('group', { name: 'Connections of director' }).focus();
  lab.error = 'connection lost';
  await page.getByText('director cannot be asked').waitFor();
  t.is(await focused(), 'director', 'the part that says why');
  lab.error = undefined;
  await page.locator('#connections-director').waitFor();
  t.is(await focused(), 'Connections of director');
  await page.getByRole('group', { name: 'Checks' }).focus();
  const change = (check: Check) => (check.id === 'vip' ? { ...check, ok: false } : check);
  lab.keeps = { ...lab.keeps, report: reportOf(lab.planned, { change }) };
  await page.getByText('Failed: 1 of').waitFor();
  t.is(await focused(), 'Checks');
  await page.getByLabel('Step', { exact: true }).focus();
  lab.keeps = { ...lab.keeps, path: { ...(await keptPath('dr')), result: 'path      otherwise' } };
  await page.getByText('otherwise').waitFor();
  t.is(await focused(), 'step');
});

test('a part that could not be had when it changed is asked for again', async (t) => {
  const { page, lab } = await played(t);
  let refusals = 2;
  await page.route('**/part?*', (route) => (refusals-- > 0 ? route.abort() : route.continue()));
  lab.keeps = { ...lab.keeps, path: { ...(await keptPath('dr')), result: 'path      otherwise' } };
  await page.getByText('otherwise').waitFor();
  t.true(refusals < 0);
});

test('a page that nobody sees does not listen, so nothing is asked for it, and shows what is so when it is seen again', async (t) => {
  const { page, lab, server } = await played(t);
  const show = (isHidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
    );
  await show(true);
  const isStill = async () => {
    const { looks } = lab;
    await page.waitForTimeout(1000);
    return lab.looks === looks;
  };
  while (!(await isStill()));
  lab.held = [4, 7];
  await show(false);
  await page.locator('#connections-director').getByText('192.168.1.100:22006').waitFor();
  t.is(await page.locator('.flights > g').count(), 0, 'what came meanwhile does not fly now');
  t.truthy(server.port);
});

test('nothing is wider than the page, at any size, in labs of every kind', async (t) => {
  for (const [name, servers] of [
    ['ha', 2],
    ['services', 3],
    ['ipv6-dr', 16],
    ['web', 3],
    ['nat', 9],
  ] as const) {
    for (const language of ['en', 'de']) {
      const { page, lab } = await played(t, { name, servers });
      const directors = nodesOf(lab.planned, 'director').map((one) => one.name);
      lab.held = lab.held.map((_, at) => 2 * at);
      lab.frozen = directors.slice(1);
      const report = reportOf(lab.planned, {
        change: (check) => ({ ...check, ok: false, observed: 'a-word-without-any-place-to-break-it-'.repeat(4) }),
      });
      lab.keeps = { ...lab.keeps, report };
      await page.goto(`${page.url()}?language=${language}`);
      await page.locator('#directors table').first().waitFor();
      for (const [width, height] of Object.values(sizes)) {
        await page.setViewportSize({ width, height });
        const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
        t.true(wide <= width, `${name} in ${language} at ${width}: ${wide}`);
      }
      t.deepEqual(await violations(page), [], `${name} in ${language}`);
      if (language === 'en') await photograph(page, `kind-${name}`);
    }
  }
});

test('two directors: one that does not answer says so, and the other goes on; so does the page when none does', async (t) => {
  const { page, lab } = await played(t, { name: 'ha' });
  const [one = '', two = ''] = nodesOf(lab.planned, 'director').map(({ name }) => name);
  lab.frozen = [one];
  await page.getByText(`${one} cannot be asked: no answer yet`).waitFor();
  lab.held = [3, 4];
  await page.locator(`#connections-${two} tbody tr`).nth(6).waitFor();
  lab.frozen = [one, two];
  await page.getByText(`${two} cannot be asked: no answer yet`).waitFor();
  await page.getByText('not known: no director can be asked').waitFor();
  t.deepEqual(await violations(page), []);
  await photograph(page, 'no-director');
});

test('a server of somebody else on this computer does not get the token', async (t) => {
  const { page } = await played(t);
  const got: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    got.push(request.headers.cookie);
    response.end('other');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.teardown(() => other.closeAllConnections());
  t.teardown(() => other.close());
  const own = page.url();
  await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
  t.deepEqual([...new Set(got)], [undefined]);
  await page.goto(own);
  await page.getByText('live', { exact: true }).waitFor();
});
