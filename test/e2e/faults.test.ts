import { setTimeout as pause } from 'node:timers/promises';
import { faults } from '../../scripts/faults/index.ts';
import { readBroken } from '../../scripts/host/broken.ts';
import { placeOf } from '../../scripts/host/paths.ts';
import { testsOf } from '../listed.ts';
import { failedChecks, failedWords, LabCommand } from './lab.ts';

const test = testsOf('faults');
const lab = await LabCommand.inFreshFolder();

test.before('lab dr is up', async (t) => {
  const { code, stderr } = await lab.run('up', 'dr');
  t.is(code, 0, stderr);
});
test.after(() => lab.end());

test('a fault is made and seen, a second one is refused, and mend undoes it', async (t) => {
  const broken = await lab.json<{ faults: { id: string; nodes: string[] }[]; reports: string[] }>(
    'break',
    'dr',
    'vip-missing',
    'rs1',
  );
  t.is(broken.code, 0, broken.stderr);
  t.like(broken.document.faults[0], { id: 'vip-missing', nodes: ['rs1'] });
  t.deepEqual(broken.document.reports, ['every second request hangs until the client gives up']);
  const again = await lab.run('break', 'dr', 'daemon-down');
  t.is(again.code, 2);
  t.regex(again.stderr, /lab dr is broken already/);
  t.true(failedChecks((await lab.json('verify', 'dr', '--requests', '4')).document).includes('vip'));
  const mended = await lab.run('mend', 'dr');
  t.is(mended.code, 0, mended.stderr);
  t.notRegex(mended.stdout, /vip-missing/);
  t.deepEqual(failedWords((await lab.json('verify', 'dr', '--requests', '4')).document), []);
});

test('what a seed has chosen is told by mend --reveal, and not before', async (t) => {
  const broken = await lab.run('break', 'dr', '--random', '--seed', '7');
  t.is(broken.code, 0, broken.stderr);
  const place = placeOf('dr', lab.folder);
  const [made] = (await readBroken(place))?.faults ?? [];
  t.truthy(made);
  for (const { id } of faults) t.false((broken.stdout + broken.stderr).includes(id), id);
  const mended = await lab.run('mend', 'dr', '--reveal');
  t.is(mended.code, 0, mended.stderr);
  t.true(mended.stdout.includes(`${made?.fault} at ${made?.place}`), mended.stdout);
});

test('however early or late a break is killed, mend puts the lab right', async (t) => {
  for (const [fault, ms] of [
    ['firewall-legacy', 300],
    ['nic-address-wrong', 900],
    ['page-error', 1500],
    ['director-address-twice', 2500],
  ] as const) {
    const { child, ended } = lab.begin('break', 'dr', fault);
    await pause(ms);
    child.kill('SIGKILL');
    await ended;
    const mended = await lab.run('mend', 'dr');
    t.is(mended.code, 0, `${fault}: ${mended.stderr}`);
  }
  t.deepEqual(failedWords((await lab.json('verify', 'dr', '--requests', '4')).document), []);
});
