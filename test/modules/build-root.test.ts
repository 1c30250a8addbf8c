import test from 'ava';
import { nearKernels } from '../../scripts/modules/build-root.ts';

const names = [
  '6.1.0-53-cloud-amd64',
  '6.12-cloud-amd64',
  '6.12.95+deb12-cloud-amd64',
  '6.12.107+deb13-amd64',
  '6.12.107+deb13-cloud-amd64',
  '6.12.107+deb13-rt-amd64',
  '6.12.107+deb13-common',
  '7.2.6+deb13-cloud-amd64',
  'cloud-amd64',
];
const near = (name: string, version: string) => nearKernels({ name, version }, names);

test('a kernel without headers: the nearest ones of its series and flavour that have them', (t) => {
  t.deepEqual(near('6.12.101+deb13-cloud-amd64', '6.12.101'), [
    '6.12.95+deb12-cloud-amd64',
    '6.12.107+deb13-cloud-amd64',
  ]);
  t.deepEqual(near('6.12.94+deb13-cloud-amd64', '6.12.94'), ['6.12.95+deb12-cloud-amd64']);
  t.deepEqual(near('6.12.101+deb13-amd64', '6.12.101'), ['6.12.107+deb13-amd64']);
  t.deepEqual(near('6.1.0-50-cloud-amd64', '6.1.176'), ['6.1.0-53-cloud-amd64']);
  t.deepEqual(near('6.16.3+deb13-cloud-amd64', '6.16.3'), []);
});
