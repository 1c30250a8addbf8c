import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../scripts/host/exec.ts';
import { projectRoot } from '../scripts/host/paths.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-cli-'));

/** The command without any machine: an empty PATH but for node lacks every part. */
function lab(args: string[], env: Record<string, string> = {}) {
  return run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...args], {
    cwd: folder,
    anyExitCode: true,
    env: { CI: 'true', XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  });
}

const usage: [title: string, args: string[], says: RegExp][] = [
  ['an unknown command', ['rum', 'dr'], /Did you mean run\?/],
  ['an unknown option', ['run', 'dr', '--real-server', '3'], /Did you mean --real-servers\?/],
  ['a mistyped lab', ['run', 'rd'], /there is no lab rd; did you mean dr\?/],
  ['a number out of range', ['up', 'dr', '--real-servers', '65'], /a whole number from 1 to 64/],
  ['down of nothing', ['down'], /name a lab, or say --all/],
  ['a name that leaves its folder', ['down', '..'], /cannot be the name of a lab/],
];

for (const [title, args, says] of usage) {
  test(`exit 2 for ${title}`, async (t) => {
    const { code, stdout, stderr } = await lab(args);
    t.is(code, 2);
    t.regex(stderr, says);
    t.is(stdout, '');
  });
}

test('exit 3 for a lab file with problems, each with file:line, and as JSON', async (t) => {
  await writeFile(
    join(folder, 'bad.yaml'),
    'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vpi: 192.168.1.3 }\n',
  );
  const { code, stdout, stderr } = await lab(['run', 'bad.yaml', '--json']);
  t.is(code, 3);
  t.regex(stderr, /bad\.yaml:3: service\.vpi: is not a key of a lab file; did you mean vip\?/);
  const { schema, error } = JSON.parse(stdout) as { schema: string; error: { exitCode: number; problems: unknown[] } };
  t.is(schema, 'lvs-lab/error/1');
  t.is(error.exitCode, 3);
  t.is(error.problems.length, 2);
});

test('exit 3 for a file that is not there', async (t) => {
  const { code, stderr } = await lab(['run', './none.yaml']);
  t.is(code, 3);
  t.regex(stderr, /none\.yaml:1: there is no such file/);
});

test('exit 4 with --no-setup and a part missing, with the command that brings it', async (t) => {
  const { code, stderr } = await lab(['up', 'dr', '--no-setup'], { PATH: '/nowhere' });
  t.is(code, 4);
  t.regex(stderr, /apt-get update && (sudo )?apt-get install --no-install-recommends .*qemu-system-x86/);
});

test('exit 5 for a lab that does not run, with the command that brings it up', async (t) => {
  for (const args of [
    ['verify', 'dr'],
    ['ssh', 'dr', 'rs1'],
    ['reset', 'dr'],
  ]) {
    const { code, stderr } = await lab(args);
    t.is(code, 5);
    t.regex(stderr, /lab up dr/);
  }
});

test('render and up --dry-run need no machine; JSON has a named schema', async (t) => {
  const { stdout } = await lab(['render', 'nat', '--node', 'director', '--json']);
  const { schema, scripts } = JSON.parse(stdout) as { schema: string; scripts: { node: string }[] };
  t.is(schema, 'lvs-lab/render/1');
  t.deepEqual([...new Set(scripts.map(({ node }) => node))], ['director']);
  const plan = await lab(['up', 'dr', '--dry-run', '--real-servers', '64', '--json']);
  t.is((JSON.parse(plan.stdout) as { nodes: unknown[] }).nodes.length, 66);
});

test('a warning goes to stderr, the result to stdout', async (t) => {
  await writeFile(
    join(folder, 'sh.yaml'),
    'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, scheduler: sh }\n',
  );
  const { code, stdout, stderr } = await lab(['render', 'sh.yaml', '--node', 'rs1']);
  t.is(code, 0);
  t.regex(stderr, /warning: sh\.yaml:3: service\.scheduler: sh looks at the client/);
  t.notRegex(stdout, /warning/);
});

test('every command has help with examples, and says nothing in colour to a pipe', async (t) => {
  const commands = ['run', 'up', 'down', 'verify', 'status', 'list', 'ssh', 'render', 'reset', 'doctor', 'image build'];
  for (const command of commands) {
    const { code, stdout } = await lab([...command.split(' '), '--help']);
    t.is(code, 0);
    t.regex(stdout, /Examples:\n {2}lab /, command);
    for (const option of ['--json', '--verbose', '--quiet']) t.true(stdout.includes(option), `${command} ${option}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    t.notRegex(stdout, /\u001b/);
  }
});
