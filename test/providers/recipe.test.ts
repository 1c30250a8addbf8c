import test from 'ava';
import { systemFor } from '../../scripts/model/kernels.ts';
import { type Extent, extentsWith, treeOptions } from '../../scripts/providers/image/recipe.ts';
import { allLabs, planOf } from '../render/golden.ts';

test('a machine of the kit’s own image has every program that a stock box would have to install', async (t) => {
  for (const name of await allLabs()) {
    const plan = await planOf(name);
    const { packages } = plan;
    t.true(packages.length > 0);
    for (const extent of extentsWith(packages)) {
      const there = packagesIn(systemFor(plan), extent);
      t.deepEqual(
        packages.filter((one) => !there.includes(one)),
        [],
        `${name}, ${extent} image`,
      );
    }
  }
});

test('the small image suffices for the labs that people begin with, and not for a web site', async (t) => {
  for (const name of ['nat', 'dr', 'tun', 'health', 'keepalived', 'ha', 'ipv6-dr']) {
    t.deepEqual(extentsWith((await planOf(name)).packages), ['small', 'full'], name);
  }
  for (const name of ['web', 'services']) t.deepEqual(extentsWith((await planOf(name)).packages), ['full'], name);
});

test('the full image has whatever the small one has', (t) => {
  const full = packagesIn({ release: 13, kernel: 'generic' }, 'full');
  for (const name of packagesIn({ release: 13, kernel: 'generic' }, 'small')) t.true(full.includes(name), name);
});

function packagesIn(system: Parameters<typeof treeOptions>[0], extent: Extent): string[] {
  const list = treeOptions(system, extent).find((one) => one.startsWith('--include=')) ?? '';
  return list.slice('--include='.length).split(',');
}
