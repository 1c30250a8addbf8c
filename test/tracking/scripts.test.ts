import test from 'ava';
import { parse } from 'sh-syntax';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { capturesIn } from '../../scripts/tracking/guest-capture.ts';
import { trackingScripts, trackingTexts } from './samples.ts';

test('every script that tracks a request is POSIX sh, and is in the samples that shellcheck reads', async (t) => {
  for (const { name, text } of await trackingTexts()) await t.notThrowsAsync(parse(text), name);
  const names = [...(await loadTemplates(projectRoot)).keys()].filter((name) => name.startsWith('tracking/'));
  t.deepEqual(names, [...new Set(trackingScripts.map(({ template }) => template))].sort());
});

test('captures of a node are read from what its script prints', (t) => {
  const printed =
    '@@capture front in\nAAEC\n@@capture front out\n\n@@capture back in\n\n@@capture back out\nAw==\n@@captured\n';
  t.deepEqual(
    capturesIn('director', printed).map(({ node, network, reached, sent }) => [node, network, [...reached], [...sent]]),
    [
      ['director', 'front', [0, 1, 2], []],
      ['director', 'back', [], [3]],
    ],
  );
});
