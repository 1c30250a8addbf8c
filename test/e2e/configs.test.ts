import { join } from 'node:path';
import { caseNames, casesFolder, waysOf } from '../import/golden.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('configs');
const lab = await LabCommand.inFreshFolder();
const configurations = (await caseNames()).filter((name) => name.endsWith('.conf'));

interface TryConfigDocument {
  services: number;
  differences: string[];
  complaints: string[];
}

test.before('a lab with a director is up', async (t) => {
  const { code, stderr } = await lab.run('up', 'dr');
  t.is(code, 0, stderr);
});

test.after(() => lab.end());

for (const name of configurations) {
  test(`keepalived makes the table of ${name} that import reads`, async (t) => {
    for (const { configId } of waysOf(name)) {
      const choice = configId === undefined ? [] : ['--config-id', configId];
      const { code, document, stderr } = await lab.json<TryConfigDocument>(
        ...['try-config', 'dr', join(casesFolder, name), ...choice],
      );
      // A text that import refuses has no table to compare with.
      if (code === 3) return t.pass();
      t.deepEqual(document.differences, [], `${document.complaints?.join('\n')}\n${stderr}`);
      t.is(code, 0);
    }
  });
}

test('the director is as it was: its own table, and no namespace is left', async (t) => {
  t.is((await lab.on('dr', 'director', 'ip netns list; ls -d /tmp/tmp.* 2> /dev/null; true')).trim(), '');
  t.is((await lab.json('verify', 'dr')).code, 0);
});
