import test from 'ava';
import type { KernelSuite } from '../../../scripts/model/kernels.ts';
import { kernelsBetween, seriesIn } from '../../../scripts/providers/kernels/between.ts';
import { joined, kernelsIn } from '../../../scripts/providers/kernels/package-list.ts';
import { one } from './lists.ts';

const list = (suite: KernelSuite, ...kernels: [name: string, version: string][]) =>
  kernelsIn(kernels.map(([name, version]) => one(name, version)).join(''), suite, 'http://a');
const archive = joined([
  list(
    'bullseye',
    ['6.1.0-0.deb11.50-cloud-amd64', '6.1.176-1~deb11u1'],
    ['6.1.0-0.deb11.52-cloud-amd64', '6.1.180-1~deb11u1'],
  ),
  list(
    'bookworm',
    ['6.1.0-50-cloud-amd64', '6.1.176-1'],
    ['6.1.0-52-cloud-amd64', '6.1.180-1'],
    ['6.1.0-53-cloud-amd64', '6.1.187-1'],
    ['6.1.0-56-cloud-amd64', '6.1.192-2'],
    ['6.1.0-56-amd64', '6.1.192-2'],
  ),
  list('bookworm-backports', ['6.12.94+deb12-cloud-amd64', '6.12.94-1~bpo12+1']),
  list('trixie', ['6.12.94+deb13-cloud-amd64', '6.12.94-1']),
]);
const kept = list('bookworm', ['6.1.0-51-cloud-amd64', '6.1.177-1']).kernels;
const known = { catalog: { ...archive, updated: '2026-11-30T12:00:00Z', missing: [] }, kept };
const between = (from: string, to: string, release: 12 | 13 = 13) =>
  kernelsBetween(from, to, release, known).map(([{ debian }]) => debian);

test('kernels between two, each version once, also one that only the cache has', (t) => {
  t.deepEqual(between('6.1.176', '6.1.192'), ['6.1.176-1', '6.1.177-1', '6.1.180-1', '6.1.187-1', '6.1.192-2']);
  t.deepEqual(between('6.1.187', '6.1.180'), ['6.1.187-1', '6.1.180-1']);
});

test('a version that several releases have is in the build for the lab’s release, unless another was named', (t) => {
  t.deepEqual(between('6.1.187', '6.12', 12), ['6.1.187-1', '6.1.192-2', '6.12.94-1~bpo12+1']);
  t.deepEqual(between('6.1.187', '6.12', 13), ['6.1.187-1', '6.1.192-2', '6.12.94-1']);
  t.deepEqual(between('6.1.0-0.deb11.50-cloud-amd64', '6.1.180'), ['6.1.176-1~deb11u1', '6.1.177-1', '6.1.180-1']);
});

test('a version comes with all its builds: the lab’s release first, then newer releases', (t) => {
  const builds = kernelsBetween('6.1.177', '6.12', 13, known).map((some) => some.map(({ debian }) => debian));
  t.deepEqual(builds, [
    ['6.1.177-1'],
    ['6.1.180-1', '6.1.180-1~deb11u1'],
    ['6.1.187-1'],
    ['6.1.192-2'],
    ['6.12.94-1', '6.12.94-1~bpo12+1'],
  ]);
});

test('a word that means no kernel, and two that mean the same, are refused', (t) => {
  t.throws(() => between('6.1.178', '6.1.187'), { message: /there is no kernel 6\.1\.178/ });
  t.throws(() => between('6.12', '6.12.94'), { message: /are the same kernel, 6\.12\.94\+deb13/ });
});

test('series of kernels', (t) => {
  t.deepEqual(seriesIn(kernelsBetween('6.1.187', '6.12', 13, known).map(([best]) => best)), ['6.1', '6.12']);
});
