import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../scripts/host/exec.ts';
import { writeReady } from '../scripts/host/exercise-state.ts';
import { removeTree } from '../scripts/host/files.ts';
import { placeOf, projectRoot } from '../scripts/host/paths.ts';
import { writePlanFile } from '../scripts/host/run-state.ts';
import type { Plan } from '../scripts/plan/plan.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-cli-'));

/** The command without any machine: an empty PATH but for node lacks every part. */
function lab(args: string[], env: Record<string, string> = {}, cwd = folder) {
  return run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...args], {
    cwd,
    anyExitCode: true,
    // Messages in one line each.
    env: { CI: 'true', COLUMNS: '1000', XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  });
}

test.after.always(() => removeTree(folder));

const usage: [title: string, args: string[], says: RegExp][] = [
  ['an unknown command', ['rum', 'dr'], /there is no command lab rum; did you mean run\?/],
  ['an unknown command with --help', ['rum', '--help'], /there is no command lab rum; did you mean run\?/],
  ['an unknown command behind help', ['help', 'nosuch'], /there is no command lab nosuch\n/],
  [
    'an unknown command of a group',
    ['rules', 'shwo', '--help'],
    /there is no command lab rules shwo; did you mean show\?/,
  ],
  ['a group without a command', ['image'], /^Usage: lab image/],
  ['an unknown scheduler', ['simulate', 'wwr'], /did you mean wrr\?/],
  ['an unknown flag', ['simulate', 'mh', '--flags', 'mh-port,mh-fallbak'], /did you mean mh-fallback\?/],
  ['a flag of another scheduler', ['simulate', 'mh', '--flags', 'sh-port'], /sh-port is a flag of sh, not of mh/],
  ['an unknown server of a site', ['up', 'dr', '--with', 'nfs,pph'], /did you mean php\?/],
  [
    'an unknown scheduler of a lab',
    ['up', 'dr', '--scheduler', 'foo'],
    /^there is no scheduler foo; .*\n +try: +one of rr,/,
  ],
  ['a scheduler that cannot be simulated', ['simulate', 'twos'], /twos chooses at random/],
  [
    'growth of several labs',
    ['compare', 'nat', 'dr', '--growth'],
    /^--growth measures one lab\n +try: +lab compare nat --growth$/,
  ],
  [
    'growth of a lab that nft cannot do',
    ['compare', 'dr', '--growth'],
    /--growth compares IPVS with nft, and lab dr is not one that both can do\n.*one director.*by NAT.*\n +try: +lab compare nat --growth$/s,
  ],
  ['nothing to compare', ['compare'], /^name labs to compare, or --schedulers\n +try: +lab compare nat dr tun$/],
  [
    'labs and schedulers to compare at once',
    ['compare', 'dr', '--schedulers', 'rr'],
    /^labs and --schedulers cannot be compared at once$/,
  ],
  [
    'a lab that cannot be compared',
    ['compare', 'udp-dns'],
    /lab udp-dns cannot be compared: its first service has no web pages\n +try: +lab compare nat dr tun$/,
  ],
  [
    'a flag of a scheduler that is not compared',
    ['compare', '--schedulers', 'mh', '--flags', 'sh-port'],
    /^sh-port is a flag of sh/,
  ],
  ['an unknown release', ['image', 'build', '--release', '11'], /^--release: "11" is not 12 or 13(\n|$)/],
  ['a missing argument', ['run'], /^NAME is missing\n +try: +lab help run$/],
  ['a missing argument of a group', ['rules', 'show'], /^NAME is missing\n +try: +lab help rules show$/],
  ['an option without its value', ['run', 'dr', '--scheduler'], /^--scheduler <name>: the value is missing(\n|$)/],
  ['an argument too many', ['list', 'dr'], /^list: too many arguments\n +try: +lab help list$/],
  ['an option that none is near', ['run', 'dr', '--foo'], /^there is no option --foo\n +try: +lab help run$/],
  ['a hypervisor for a provider', ['up', 'dr', '--provider', 'libvirt'], /VAGRANT_DEFAULT_PROVIDER=libvirt/],
  [
    'an unknown option',
    ['run', 'dr', '--real-server', '3'],
    /^there is no option --real-server; did you mean --real-servers\?(\n|$)/,
  ],
  ['an option before its command', ['-q', 'list'], /^-q is an option of a command.*\n +try: +lab list -q$/],
  [
    'options with their values before a command',
    ['-v', '--provider', 'qemu', '--real-servers', '3', 'up', 'dr', '--with', 'nfs'],
    /^-v is an option .*\n +try: +lab up -v --provider qemu --real-servers 3 dr --with nfs$/,
  ],
  [
    'an option before a command with words for a shell',
    ['-q', 'ssh', 'dr', 'rs1', '--', 'ip a; id'],
    /\n +try: +lab ssh -q dr rs1 -- 'ip a; id'$/,
  ],
  ['an option before a command of a group', ['rules', '-q', 'show', 'dr'], /\n +try: +lab rules show -q dr$/],
  ['an option of a command, and no command', ['-q'], /stands behind it\n +try: +lab help$/],
  ['an option of a command of a group, and no command', ['rules', '-q'], /stands behind it\n +try: +lab help rules$/],
  ['an option that no command has, before one', ['--jsno', 'list'], /^there is no option --jsno/],
  ['a mistyped lab', ['run', 'rd'], /there is no lab rd; did you mean dr\?/],
  ['a number out of range', ['up', 'dr', '--real-servers', '65'], /a whole number from 1 to 64/],
  ['no weight at all', ['simulate', 'rr', '--weights', ''], /at least one; separate several by commas/],
  ['a weight that is too large', ['simulate', 'rr', '--weights', '1,65536'], /a whole number from 0 to 65535/],
  ['a site of nothing', ['up', 'dr', '--with', ''], /at least one; separate several by commas/],
  ['down of nothing', ['down'], /name one lab, or give --all/],
  ['an unknown fault', ['break', 'dr', 'vip-mising'], /there is no fault vip-mising; did you mean vip-missing\?/],
  ['no fault', ['break', 'dr'], /name a fault, or give --random\n +try: +lab faults dr/],
  ['a fault and --random', ['break', 'dr', 'vip-missing', '--random'], /--random chooses a fault itself/],
  ['a seed without --random', ['break', 'dr', '--seed', '1'], /belong to --random/],
  ['three faults', ['break', 'dr', '--random', '--faults', '3'], /a whole number from 1 to 2/],
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
  t.regex(stderr, /bad\.yaml:3: service\.vpi: there is no such key; did you mean vip\?/);
  const { schema, error } = JSON.parse(stdout) as { schema: string; error: { exitCode: number; problems: unknown[] } };
  t.is(schema, 'lvs-lab/error/1');
  t.is(error.exitCode, 3);
  t.is(error.problems.length, 2);
});

test('--json before its command is refused as a JSON document, with the line that works', async (t) => {
  const { code, stdout } = await lab(['--json', 'list']);
  t.is(code, 2);
  t.is(JSON.parse(stdout).error.tryThis, 'lab list --json');
});

test('labs are listed whose names can be given to a command, and no other file', async (t) => {
  const here = join(folder, 'named');
  await mkdir(join(here, 'labs'), { recursive: true });
  for (const name of ['own', '-dash', '.hidden', 'two words', 'x'.repeat(42)]) {
    await writeFile(join(here, 'labs', `${name}.yaml`), '');
  }
  const { labs } = JSON.parse((await lab(['list', '--json'], {}, here)).stdout) as { labs: { file: string }[] };
  t.deepEqual(
    labs.map(({ file }) => file).filter((file) => file.startsWith('labs/')),
    ['labs/own.yaml'],
  );
});

test('exit 4 for a runtime folder that cannot be made, with the variable that names it', async (t) => {
  for (const folder of ['/proc', '/dev/null']) {
    const { code, stderr } = await lab(['status'], { XDG_RUNTIME_DIR: folder });
    t.is(code, 4, stderr);
    t.regex(stderr, /try: +unset XDG_RUNTIME_DIR/);
  }
});

test('exit 2 for the name of a lab file without its path, which is suggested', async (t) => {
  await writeFile(join(folder, 'mine.yaml'), '');
  const { code, stderr } = await lab(['up', 'mine']);
  t.is(code, 2);
  t.regex(stderr, /there is no lab mine; did you mean \.\/mine\.yaml\?/);
});

test('exit 3 for a file to import that is not there, too', async (t) => {
  const { code, stderr } = await lab(['import', 'absent.conf']);
  t.is(code, 3);
  t.regex(stderr, /^absent\.conf: there is no such file\n +try: +lab help import/);
});

test('what is chosen and not installed is named: a provider of a dry run, an accelerator for doctor', async (t) => {
  const path = { PATH: join(folder, 'no-programs') };
  const plan = await lab(['up', 'dr', '--provider', 'vagrant', '--dry-run'], path);
  t.is(plan.code, 0);
  t.regex(plan.stderr, /provider vagrant: set by --provider; vagrant is not installed(\n|$)/);
  const { code, stdout } = await lab(['doctor'], { ...path, LAB_ACCEL: 'foo' });
  t.is(code, 4);
  t.regex(stdout, /LAB_ACCEL: "foo" is neither kvm nor tcg\n.*unset LAB_ACCEL(\n|$)/);
  t.notRegex((await lab(['doctor'], { ...path, LAB_ACCEL: 'tcg' })).stdout, /LAB_ACCEL:/);
});

test('exit 3 for a file that is not there', async (t) => {
  const { code, stderr } = await lab(['run', './none.yaml']);
  t.is(code, 3);
  t.regex(stderr, /none\.yaml: there is no such file$/m);
  t.notRegex(stderr, /problem/);
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

test('reset leaves the lab of an exercise alone, and names the command that prepares it anew', async (t) => {
  const here = await mkdtemp(join(folder, 'exercise-'));
  const place = placeOf('dr', here);
  await writePlanFile(place, JSON.parse((await lab(['up', 'dr', '--dry-run', '--json'])).stdout) as Plan);
  await writeReady(place, { exercise: 'first-service', course: '', student: 'Ada' });
  for (const args of [['dr'], ['dr', 'rs1']]) {
    const { code, stderr } = await lab(['reset', ...args], {}, here);
    t.is(code, 2);
    t.regex(stderr, /belongs to an exercise, .*\n.*\n +try: +lab exercise reset first-service/);
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
  t.regex(stderr, /warning: sh\.yaml:3: service\.scheduler: sh goes by the client/);
  t.notRegex(stdout, /warning/);
});

test('what is odd in labs/ is listed as such, and hides no other lab', async (t) => {
  const here = await mkdtemp(join(tmpdir(), 'lab-odd-'));
  t.teardown(() => removeTree(here));
  await mkdir(join(here, 'labs/folder.yaml'), { recursive: true });
  await symlink('me@host.1:4', join(here, 'labs/.#mine.yaml'));
  await run('mkfifo', [join(here, 'labs/pipe.yaml')]);
  const { code, stdout } = await lab(['list', '--json'], {}, here);
  t.is(code, 0);
  const labs: { name: string; problems: number }[] = JSON.parse(stdout).labs;
  const broken = labs.filter(({ problems }) => problems > 0).map(({ name }) => name);
  t.deepEqual(broken.sort(), ['folder', 'pipe']);
  t.true(labs.some(({ name }) => name === 'dr'));
});

test('stderr is closed or full: the exit code stays the same, and one JSON document is printed', async (t) => {
  const words = [process.execPath, join(projectRoot, 'bin/lab.js')].map((word) => `'${word}'`).join(' ');
  const shell = (line: string) => run('bash', ['-c', line], { cwd: folder, anyExitCode: true });
  const closed = await shell(`${words} render nothing 2>&1 | true; echo \${PIPESTATUS[0]}`);
  t.is(closed.stdout.trim(), '2');
  const full = await shell(`${words} verify dr --json 2> /dev/full`);
  t.is(full.code, 5);
  t.is(JSON.parse(full.stdout).error.exitCode, 5);
});

test('a place where nothing can be kept, and one that is gone: exit code 4, without a stack trace', async (t) => {
  const { code, stdout, stderr } = await lab(['list', '--json'], { TMPDIR: '/dev/null' });
  t.is(code, 4);
  t.regex(stderr, /TMPDIR/);
  t.is(JSON.parse(stdout).error.exitCode, 4);
  const line = 'mkdir "$1/gone" && cd "$1/gone" && rmdir "$1/gone" && exec "$2" "$3" list';
  const words = ['-c', line, 'sh', folder, process.execPath, join(projectRoot, 'bin/lab.js')];
  const gone = await run('sh', words, { anyExitCode: true });
  t.is(gone.code, 4);
  t.notRegex(gone.stderr, /\n {4}at /);
});

test('hints name a lab as the user did: by its path if the user typed a path', async (t) => {
  await mkdir(join(folder, 'mine'), { recursive: true });
  await writeFile(
    join(folder, 'mine/good.yaml'),
    'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n',
  );
  for (const command of ['verify', 'stats']) {
    const { code, stderr } = await lab([command, 'mine/good.yaml']);
    t.is(code, 5, command);
    t.regex(stderr, /lab up mine\/good\.yaml/, command);
  }
  t.regex((await lab(['up', 'mine/good.yaml', '--dry-run'])).stdout, /\. lab render mine\/good\.yaml prints/);
  t.regex((await lab(['status', 'mine/good.yaml'])).stdout, /lab up mine\/good\.yaml/);
  t.is(JSON.parse((await lab(['up', 'mine/good.yaml', '--dry-run', '--json'])).stdout).file, 'mine/good.yaml');
  t.is(JSON.parse((await lab(['up', 'dr', '--dry-run', '--json'])).stdout).file, undefined);
  await mkdir(join(folder, 'my labs'), { recursive: true });
  await symlink(join(folder, 'mine/good.yaml'), join(folder, 'my labs/good.yaml'));
  t.regex((await lab(['verify', 'my labs/good.yaml'])).stderr, /lab up 'my labs\/good\.yaml'/);
  t.is((await lab(['down', 'mine/absent.yaml'])).code, 3);
  await writeFile(join(folder, 'rules'), '-A -t 1.2.3.4:80 -s rr\n-a -t 1.2.3.4:80 -r 1.2.3.5:80 -g -w 1\n');
  const { stderr } = await lab(['import', 'rules', '--output', 'noending']);
  t.regex(stderr, /lab run \.\/noending/);
  t.is((await lab(['render', './noending'])).code, 0);
  for (const output of ['/proc/lab.yaml', 'rules/lab.yaml', '']) {
    t.is((await lab(['import', 'rules', '--output', output])).code, 2, output);
  }
});

test('the help has brackets around what may be left out', async (t) => {
  const { stdout } = await lab(['--help']);
  for (const usage of ['run NAME ', 'down [NAME] ', 'reset NAME [NODE] ', 'ssh NAME NODE [COMMAND...] '])
    t.true(stdout.includes(`  ${usage}`), usage);
});

test('help of simulate has each scheduler that it can simulate, and no other', async (t) => {
  const { stdout } = await lab(['simulate', '--help']);
  const [, listed = ''] = stdout.split('Schedulers,');
  const names = [...listed.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name]) => name);
  t.deepEqual(names, ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq', 'fo', 'ovf', 'mh']);
});

test('simulate says which real server is first in the list, and why connections are refused', async (t) => {
  const said = async (...args: string[]) => (await lab(['simulate', ...args])).stdout;
  t.regex(await said('rr', '--weights', '1,1,1'), /rs3, added last, is the first in the list/);
  t.notRegex(await said('rr', '--weights', '1'), /first in the list/);
  t.notRegex(await said('sh'), /first in the list/);
  t.regex(await said('wlc', '--weights', '0,0'), /12 refused: all weights are 0(\n|$)/);
  t.regex(
    await said('wlc', '--weights', '1,1', '--upper', '2', '--hold'),
    /every real server has 2 connections, its upper/,
  );
  t.regex(await said('sh', '--weights', '0,1'), /the real server that the hash chooses has weight 0(\n|$)/);
  t.regex(await said('ovf', '--hold'), /every real server has more open connections than its weight(\n|$)/);
});

test('labs are listed in the order of their names, and what cannot be imported is shown in a few words', async (t) => {
  const { labs } = JSON.parse((await lab(['list', '--json'])).stdout) as { labs: { name: string }[] };
  const names = labs.map(({ name }) => name).filter((name) => /^(nat|web|tun)/.test(name));
  t.deepEqual(names, [...names].sort());
  await writeFile(join(folder, 'binary'), Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 7) % 256)));
  const { code, stderr } = await lab(['import', 'binary']);
  t.is(code, 3);
  t.true(stderr.length < 400, stderr);
  await writeFile(join(folder, 'ldirectord.cf'), 'checktimeout=10\n');
  t.regex(
    (await lab(['import', 'ldirectord.cf'])).stderr,
    /ldirectord\.cf:1: there is no service with real servers in it/,
  );
});

test('help is the same in front of a command and behind it', async (t) => {
  for (const words of [[], ['run'], ['rules'], ['rules', 'show']]) {
    const { code, stdout } = await lab(['help', ...words]);
    t.is(code, 0);
    t.is(stdout, (await lab([...words, '--help'])).stdout);
    t.true(stdout.startsWith(['Usage: lab', ...words].join(' ')));
  }
  t.is((await lab(['help', 'help'])).stdout, (await lab(['help'])).stdout);
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
