import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { testsOf } from '../listed.ts';
import { command, failedWords, LabCommand } from './lab.ts';

const test = testsOf('interrupt');
const lab = await LabCommand.inFreshFolder();

test.after(() => lab.end());

test('Ctrl-C in the middle of a drill: what it stopped is started again, and the exit code is 130', async (t) => {
  const up = await lab.run('up', 'health');
  t.is(up.code, 0, up.stderr);
  const verify = spawn(process.execPath, command('verify', 'health'), {
    cwd: lab.folder,
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(verify, 'exit');
  const said = text(verify.stderr);
  const stopped = async () => (await lab.run('ssh', 'health', 'rs1', '--', 'systemctl is-active apache2')).code !== 0;
  while (!(await stopped())) t.is(verify.exitCode, null, 'the drill came to its end before anybody looked');
  verify.kill('SIGINT');
  const [code] = await ended;
  t.is(code, 130);
  t.regex(await said, /put back.*\n.*Machines keep running/s);
  t.false(await stopped(), 'Apache of rs1 runs');
  t.deepEqual(failedWords((await lab.json('verify', 'health')).document), []);
});
