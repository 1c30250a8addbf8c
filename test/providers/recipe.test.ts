import test from 'ava';
import { treeOptions } from '../../scripts/providers/image/recipe.ts';
import { allLabs, planOf } from '../render/golden.ts';

test('a machine of the kit’s own image has every program that a stock box would have to install', async (t) => {
  for (const name of await allLabs()) {
    const { phases, release, kernel } = await planOf(name);
    const list = treeOptions({ release, kernel }).find((one) => one.startsWith('--include=')) ?? '';
    const there = list.slice('--include='.length).split(',');
    const wanted = phases
      .flatMap(({ scripts }) => scripts)
      .filter(({ template }) => template === 'node/prepare')
      .flatMap(({ context }) => context.tools as { package: string }[])
      .flatMap((tool) => tool.package.split(' '));
    t.true(wanted.length > 0);
    t.deepEqual(
      wanted.filter((one) => !there.includes(one)),
      [],
      name,
    );
  }
});
