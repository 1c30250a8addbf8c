import test from 'ava';
import fc from 'fast-check';
import {
  compareVersions,
  flavourOf,
  isOfSeries,
  kernelSuites,
  knownVersion,
  readKernel,
} from '../../scripts/model/kernels.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';

const plain = 'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n';

function planOf(text: string) {
  return makePlan(parseLab(`${plain}${text}`, { name: 'x', file: 'x.yaml' }).lab);
}

test('a kernel is a word of the release, a version, a series, a suite, or what uname -r prints', (t) => {
  t.deepEqual(readKernel('cloud'), { by: 'release', flavour: 'cloud' });
  t.deepEqual(readKernel('generic'), { by: 'release', flavour: 'generic' });
  t.deepEqual(readKernel('6.12.94'), { by: 'version', version: '6.12.94', flavour: 'cloud' });
  t.deepEqual(readKernel('6.12-generic'), { by: 'version', version: '6.12', flavour: 'generic' });
  t.deepEqual(readKernel('bookworm-backports-generic'), {
    by: 'suite',
    suite: 'bookworm-backports',
    flavour: 'generic',
  });
  for (const suite of kernelSuites) t.is(readKernel(suite)?.by, 'suite', suite);
  for (const name of ['6.12.94+deb13-cloud-amd64', '6.1.0-50-amd64']) t.is(readKernel(name)?.by, 'name', name);
  t.is(flavourOf('6.1.0-50-amd64'), 'generic');
  t.is(flavourOf('6.1.0-50-cloud-amd64'), 'cloud');
  for (const word of [
    '',
    '6.',
    '.6',
    '6.12.x',
    'v6',
    '6.1.2.3',
    'generic-generic',
    '-generic',
    'cloud-generic',
    'Sid',
  ]) {
    t.is(readKernel(word), undefined, word);
  }
});

test('a version in a lab file is what is written there, and not the number that YAML makes of it', (t) => {
  const { kernel, nodes } = planOf('kernel: 6.10\nkernels: { director: 5.10, rs1: 6.1.0 }\n');
  t.is(kernel, '6.10');
  t.deepEqual(
    nodes.map((node) => [node.name, node.kernel]),
    [
      ['client', undefined],
      ['director', '5.10'],
      ['rs1', '6.1.0'],
      ['rs2', undefined],
    ],
  );
});

test('a node has a kernel in the plan only where it differs from the lab’s', (t) => {
  t.true(planOf('kernel: sid\nkernels: { director: sid, client: sid }\n').nodes.every((node) => !('kernel' in node)));
  t.deepEqual(planOf(''), planOf('kernels: { director: cloud }\n'));
});

test('the series of a kernel is known where its word says it', (t) => {
  t.is(knownVersion('cloud', 12), '6.1');
  t.is(knownVersion('generic', 13), '6.12');
  t.is(knownVersion('6.12.94', 12), '6.12.94');
  t.is(knownVersion('5.10.0-46-cloud-amd64', 13), '5.10.0');
  for (const word of ['6', 'sid', 'trixie']) t.is(knownVersion(word, 13), undefined, word);
  t.is(knownVersion({ image: 'a', modules: 'b' }, 13), undefined);
});

test('versions are compared by their numbers', (t) => {
  t.true(compareVersions('6.12.94', '6.9') > 0);
  t.true(compareVersions('6.2', '6.12') < 0);
  t.is(compareVersions('6.12', '6.12.0'), 0);
  t.true(isOfSeries('6.12.94', '6.12'));
  t.false(isOfSeries('6.12.94', '6.1'));
  const version = fc.array(fc.nat(200), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(version, version, (one, other) => {
      return Math.sign(compareVersions(one, other)) === -Math.sign(compareVersions(other, one));
    }),
  );
});
