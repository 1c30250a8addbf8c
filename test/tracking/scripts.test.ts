import test from 'ava';
import { parse } from 'sh-syntax';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { capturesIn } from '../../scripts/tracking/guest-capture.ts';
import { trackingScripts, trackingTexts } from './samples.ts';

test('every script that tracks a request is POSIX sh, and is in the samples that shellcheck reads', async (t) => {
  for (const { name, text } of await trackingTexts()) await t.notThrowsAsync(parse(text), name);
  const names = [...(await loadTemplates(projectRoot)).keys()].filter((name) => name.startsWith('tracking/'));
  t.deepEqual(names, trackingScripts.map(({ template }) => template).sort());
});

test('captures of a node are read from what its script prints', (t) => {
  const printed = '@@capture front\nAAEC\n@@capture back\n\n@@captured\n';
  t.deepEqual(
    capturesIn('director', printed).map(({ node, network, frames }) => [node, network, [...frames]]),
    [
      ['director', 'front', [0, 1, 2]],
      ['director', 'back', []],
    ],
  );
});
