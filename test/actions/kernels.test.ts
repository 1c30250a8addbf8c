import test from 'ava';
import { kernelsText, knownKernels } from '../../scripts/actions/kernels.ts';
import { kernelsOf } from '../../scripts/cli/options.ts';
import { UsageError } from '../../scripts/errors.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import type { DebianKernel } from '../../scripts/providers/kernels/debian-kernel.ts';
import type { KernelImprint } from '../../scripts/providers/kernels/stored-kernel.ts';

const debian = (version: string): DebianKernel => ({
  name: `${version}+deb13-cloud-amd64`,
  version,
  debian: `${version}-1`,
  flavour: 'cloud',
  suites: ['trixie'],
  packages: [{ name: 'linux-image', uri: 'http://a', size: 2 ** 25, sha256: 'a' }],
});
const imprint = (version: string, from?: DebianKernel): KernelImprint => ({
  format: 1,
  key: version,
  name: version,
  version,
  flavour: from ? 'cloud' : 'own',
  ...(from && { debian: from }),
  built: '2026-11-30T12:00:00Z',
  seconds: 1,
  sizes: [2 ** 20, 2 ** 21, 0],
  hashes: [],
});

test('the list has kernels of the archive and of the cache, each once, and says which the archive has dropped', (t) => {
  const kept = [imprint('6.12.94', debian('6.12.94')), imprint('6.12.90', debian('6.12.90')), imprint('7.2.0-rc1+')];
  const rows = knownKernels([debian('6.12.94'), debian('6.12.100')], kept);
  t.deepEqual(
    rows.map(({ version, suites, download, kept: size }) => [version, suites.length, download, size]),
    [
      ['6.12.90', 0, null, 3 * 2 ** 20],
      ['6.12.94', 1, 2 ** 25, 3 * 2 ** 20],
      ['6.12.100', 1, 2 ** 25, null],
      ['7.2.0-rc1+', 0, null, 3 * 2 ** 20],
    ],
  );
  const text = kernelsText(rows, {
    updated: '2026-11-30T12:00:00Z',
    missing: ['bullseye-security'],
    incomplete: [{ version: '7.1.13' }, { version: '7.1.13' }],
  });
  t.regex(text, /6\.12\.90 .*dropped by the archive +kept/);
  t.regex(text, /6\.12\.100 .*trixie +32 MiB$/m);
  t.regex(text, /7\.2\.0-rc1\+ .*your own +kept/);
  t.regex(text, /It has no bullseye-security\./);
  t.regex(text, /It has only parts of 7\.1\.13: /);
});

const file = 'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\nkernels: { rs1: sid }\n';

function kernelsWith(option: string): (string | object | undefined)[] {
  const plan = makePlan(parseLab(file, { name: 'x', file: 'x.yaml', kernel: kernelsOf(option) }).lab);
  return [plan.kernel, ...plan.nodes.map(({ kernel }) => kernel)];
}

test('--kernel is for all machines, also for those that have another in the lab file, or for one of them', (t) => {
  t.deepEqual(kernelsWith('6.10'), ['6.10', undefined, undefined, undefined, undefined]);
  t.deepEqual(kernelsWith('director=7.2'), ['cloud', undefined, '7.2', 'sid', undefined]);
  t.deepEqual(kernelsWith('6.1,director=7.2'), ['6.1', undefined, '7.2', undefined, undefined]);
});

test('--kernel refuses what is no kernel, and suggests what was meant', (t) => {
  const error = t.throws(() => kernelsOf('director=v6.12'), { instanceOf: UsageError });
  t.is(error?.message, '--kernel: "v6.12" is no kernel; did you mean 6.12?');
  t.throws(() => kernelsOf('nosuch'), { instanceOf: UsageError });
});
