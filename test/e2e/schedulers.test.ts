import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseKernelVersion } from '../../scripts/ipvs/kernel.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';
import { benchLab, meet } from './meet-schedulers.ts';
import { lots, onceEach, predictable } from './scheduler-scenarios.ts';

const test = testsOf('schedulers');
const lab = await LabCommand.inFreshFolder();

test.after(() => lab.end());

for (const { title, release, scenarios } of [
  { title: 'each scheduler once: the kernel picks as predicted', release: 13, scenarios: onceEach },
  // Debian 12's cloud kernel has no twos.
  { title: "every scenario: Debian 13's kernel picks as predicted", release: 13, scenarios: [...predictable, ...lots] },
  { title: "every scenario: Debian 12's kernel picks as predicted", release: 12, scenarios: predictable },
]) {
  test(title, async (t) => {
    const name = `schedulers${release}`;
    const file = join(lab.folder, `${name}.yaml`);
    await writeFile(file, `release: ${release}\n${benchLab}`);
    const { code, stderr } = await lab.run('up', file);
    t.is(code, 0, stderr);
    const kernel = parseKernelVersion(await lab.on(name, 'director', 'cat /proc/version'));
    const met = await meet(lab, name, scenarios, kernel);
    for (const { title, predicted, observed, ok } of met)
      t.true(ok, `${title}: ${predicted} predicted, ${observed} seen`);
    t.log(`${kernel}: ${met.filter(({ predicted }) => predicted !== null).length} scenarios, predicted = observed`);
    t.is((await lab.run('down', name)).code, 0);
  });
}
