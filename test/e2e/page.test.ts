import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { pageStyle, styleHash } from '../../scripts/host/page-files.ts';
import { parseTable } from '../../scripts/ipvs/parse.ts';
import { reportHtml } from '../../scripts/page/report-html.ts';
import { testsOf } from '../listed.ts';
import { keptPath, reportOf, sizedPlan } from '../page/reports.ts';
import { planOf } from '../render/golden.ts';
import { ScriptedLab, watched } from '../watch/scripted.ts';
import { open, photograph, screenshots, startBrowser, violations } from './browser.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('page');
let browser: Awaited<ReturnType<typeof startBrowser>>;

test.before('chromium is there', async (t) => {
  browser = await startBrowser();
  t.log(`screenshots: ${screenshots}`);
});

test.after(async () => {
  await browser?.close();
});

/** A page of a lab that a script plays, of a given number of real servers. */
async function played(t: ExecutionContext, { servers = 2, readOnly = false, options = {} } = {}) {
  const lab = new ScriptedLab(await sizedPlan('dr', servers));
  lab.keeps.path = await keptPath('dr');
  const server = await watched(lab, { readOnly });
  t.teardown(server.end);
  const seen = await open(t, browser, server.address, options);
  await seen.page.getByText('live', { exact: true }).waitFor();
  await seen.page.locator('#table-director-0').waitFor();
  return { lab, server, ...seen };
}

/** Active and inactive connections as the page shows them, by real server. */
async function numbersOn(page: Page): Promise<[string, number, number][]> {
  const rows = await page.locator('#table-director-0 tbody tr').all();
  return Promise.all(
    rows.map(async (row): Promise<[string, number, number]> => {
      const [server = '', , , active, inactive] = await row.locator('th, td').allInnerTexts();
      return [server.split(' ')[0] ?? '', Number(active), Number(inactive)];
    }),
  );
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

test('a lab that runs: the page shows what its kernel has, sends requests, breaks and mends', async (t) => {
  const lab = await LabCommand.of(t);
  t.is((await lab.run('up', 'dr')).code, 0);
  const over = new AbortController();
  const watching = await LabCommand.in(lab.folder, { signal: over.signal });
  const running = watching.run('watch', 'dr', '--port', '18437').catch(() => {});
  t.teardown(async () => {
    over.abort();
    await running;
  });
  const page = await openWhenThere(t, lab);
  await page.getByRole('button', { name: 'Send requests' }).click();
  await page.getByText('12 requests to TCP 192.168.1.3:80: 6 by').waitFor();
  const isSame = async () => {
    const kernel = parseTable(await lab.on('dr', 'director', 'cat /proc/net/ip_vs'));
    const numbers = kernel[0]?.destinations.map(({ active, inactive }) => [active, inactive]);
    const shown = (await numbersOn(page)).map(([, active, inactive]) => [active, inactive]);
    return { equal: JSON.stringify(numbers) === JSON.stringify(shown), numbers };
  };
  let last = await isSame();
  // A connection may end between the two looks.
  for (let tries = 0; tries < 10 && !last.equal; tries++) last = await isSame();
  t.true(last.equal, JSON.stringify(last.numbers));
  t.is(
    last.numbers?.flat().reduce((sum, one) => sum + one, 0),
    12,
  );
  await page.getByLabel('Fault').selectOption('vip-missing');
  await page.getByLabel('Place').selectOption('rs1');
  await page.getByRole('button', { name: 'Break' }).click();
  await page.locator('#broken').getByText('broken: vip-missing (rs1)').waitFor();
  // The kit notes a fault before it makes it; the log has it when it was seen.
  await page.locator('#lines').getByText('broken: vip-missing (rs1)').waitFor();
  t.is(await lab.on('dr', 'rs1', 'ip -br address show lo | grep -c 192.168.1.3 || true'), '0');
  await page.getByRole('button', { name: 'Mend' }).click();
  await page.getByText('faults undone: 1').waitFor();
  t.is(await lab.on('dr', 'rs1', 'ip -br address show lo | grep -c 192.168.1.3 || true'), '1');
  await page.getByRole('button', { name: 'Follow a request' }).click();
  await page.locator('#path-part .ladder').waitFor();
  await photograph(page, 'real-lab');
});

/** The page of a lab whose watch has just been started. */
async function openWhenThere(t: ExecutionContext, { folder }: LabCommand): Promise<Page> {
  const { readState } = await import('../../scripts/host/state-file.ts');
  const file = join(folder, '.lab/dr/watch.json');
  let state: { token: string; port: number } | undefined;
  while (!state) {
    state = await readState(file);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { page } = await open(t, browser, `http://127.0.0.1:${state.port}/?token=${state.token}`);
  await page.locator('#table-director-0').waitFor();
  return page;
}
