import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { parseTable } from '../../scripts/ipvs/parse.ts';
import { testsOf } from '../listed.ts';
import { numbersOn, open, photograph, screenshots, startBrowser } from './browser.ts';
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
