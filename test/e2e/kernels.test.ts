import { testsOf } from '../listed.ts';
import { LabCommand, type RunDocument } from './lab.ts';

const test = testsOf('kernels');

test('side by side: a director with an older kernel of Debian’s archive before real servers with their own', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'dr' });
  const { code, document, stderr } = await lab.json<RunDocument>('run', 'dr', '--kernel', 'director=6.12.101');
  t.deepEqual(
    document.checks?.filter(({ ok }) => !ok),
    [],
    stderr,
  );
  t.is(code, 0);
  t.regex(await lab.on('dr', 'director', 'uname -r'), /^6\.12\.101\+/);
  t.notRegex(await lab.on('dr', 'rs1', 'uname -r'), /^6\.12\.101\+/);
});
