import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { connectionsText } from '../../scripts/actions/connections.ts';
import { storedText } from '../../scripts/actions/image.ts';
import { statsText } from '../../scripts/actions/stats.ts';
import { labText } from '../../scripts/actions/status.ts';
import { commands } from '../../scripts/commands/index.ts';
import { LabFileError, MissingPartError } from '../../scripts/errors.ts';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { installCommand } from '../../scripts/host/requirements.ts';
import { errorText } from '../../scripts/report/error-text.ts';
import type { Paint } from '../../scripts/report/output.ts';
import { plainWidth, widthOf } from '../../scripts/report/wrap.ts';
import { healthy } from '../checks/healthy.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { screenOf } from './screen-of.ts';

const plain: Paint = (_, text) => text;

function fits(t: ExecutionContext, text: string, what: string, width = plainWidth): void {
  t.true(text.length > 0, what);
  t.deepEqual(
    text.split('\n').filter((line) => widthOf(line) > width),
    [],
    what,
  );
}

// Other labs of this computer have paths of any length.
const runtime = await mkdtemp(join(tmpdir(), 'lab-run-'));
test.after.always(() => removeTree(runtime));

/** What a command prints to pipes, results and messages. */
async function lab(args: string[], env: Record<string, string> = {}, cwd = projectRoot): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...args], {
    cwd,
    anyExitCode: true,
    env: { CI: 'true', COLUMNS: '', XDG_RUNTIME_DIR: runtime, ...env },
  });
  return `${stdout}\n${stderr}`;
}

test('help of every command fits into 80 columns', async (t) => {
  const nested = ['show', 'save', 'restore', 'clear'].map((verb) => ['rules', verb]);
  const image = ['build', 'box', 'list', 'check', 'prune'].map((verb) => ['image', verb]);
  for (const words of [[], ...Object.keys(commands).map((name) => [name]), ...nested, ...image]) {
    fits(t, await lab([...words, '--help']), words.join(' '));
  }
});

test('what commands print without machines fits into 80 columns', async (t) => {
  const lines = [
    'list',
    'doctor',
    'simulate sh --weights 3,2,1 --clients 8 --requests 100',
    'simulate wlc --weights 1,1,1,1,1,1,1,1,1,1,1,1 --requests 30 --upper 1 --hold',
    'up services --dry-run',
    'status',
    'down dr --dry-run',
    'image list',
    'up dr --dry-run --real-servers 64',
    'up tun-gue --dry-run --scheduler mh',
  ];
  for (const line of lines) fits(t, await lab(line.split(' ')), line);
});

test('messages about mistakes fit into 80 columns', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-width-'));
  t.teardown(() => removeTree(folder));
  await writeFile(
    join(folder, 'bad.yaml'),
    'mode: dr\nnetworks: { front: 192.168.1.0/33 }\nservice: { vip: 192.168.1.3, scheduler: rrr, colour: red, port: 70000 }\nbox: x\n',
  );
  const lines = [
    'rum',
    'run',
    'run nosuch',
    'run bad.yaml',
    'simulate wwr',
    'simulate rr --weights 1,x',
    'simulate mh --flags mh-prot',
    'up dr --provider libvirt',
    'up dr --dry-run --real-server 3',
    'verify dr',
    'import bad.yaml',
    'render dr --node rs9',
    'down ../..',
  ];
  for (const line of lines) fits(t, await lab(line.split(' '), {}, folder), line);
  fits(t, await lab(['up', 'dr', '--no-setup'], { PATH: '/nowhere' }, folder), 'missing parts');
});

test('the verdict on every lab fits into 80 columns, whether checks pass or fail', async (t) => {
  const hint = { cause: 'a cause that is told in some words more than fit into one line', commands: [], see: [] };
  for (const name of await allLabs()) {
    const plan = await planOf(name);
    for (const ok of [true, false]) {
      const lines = screenOf(plan, healthy(plan), (check) => (ok ? check : { ...check, ok, hint }));
      fits(t, lines.join('\n'), name);
    }
  }
});

test('status, connections, statistics and images fit into 80 columns', (t) => {
  const node = (name: string, addresses: string[]) => ({
    node: name,
    role: 'real-server',
    addresses,
    state: 'running' as const,
    sshHost: '192.168.121.217',
    sshPort: 60_022,
    privateMemory: 1213,
    pid: 123_456,
  });
  const nodes = [
    node('director', ['192.168.100.102', '172.116.110.112']),
    node('a-real-server-with-a-long-name', ['fd00:1234:5678::1234']),
  ];
  fits(
    t,
    labText({ lab: 'nat', folder: '/x/.lab/nat', provider: 'vagrant', running: true, nodes }, { lab: 'nat' }),
    'status',
  );
  const connection = {
    protocol: 'SCTP',
    client: 'fd00:1234:5678:9abc::1234',
    clientPort: 54_321,
    vip: 'fd00:1::3',
    port: 80,
    realServer: 'fd00:1234::104',
    realPort: 8080,
    state: 'ESTABLISHED',
    expires: 899,
  };
  const four = { ...connection, protocol: 'TCP', client: '192.168.100.100', realServer: '172.116.110.112' };
  fits(t, connectionsText([connection, four, { ...four, clientPort: 0, state: 'NONE' }], plain), 'connections');
  const counters = {
    connections: 1_234_567,
    inPackets: 1_234_567_890,
    outPackets: 1_234_567_890,
    inBytes: 1_234_567_890_123,
    outBytes: 1_234_567_890_123,
  };
  const servers = [{ server: '[fd00:1234::104]:8080', ...counters }];
  const services = [{ service: 'TCP [fd00:1234::103]:8080', ...counters, servers }];
  fits(t, statsText({ counters: services, rates: services }, plain), 'statistics');
  const image = {
    kind: 'template' as const,
    key: 'debian13-generic-0123456789ab.draft',
    folder: '/cache',
    built: '2026-01-31T12:34:56.789Z',
    size: 3 * 2 ** 30,
    inUse: false,
    hashed: true,
    current: false,
  };
  t.is(storedText([image]).split('\n').length, 2);
  fits(t, storedText([image]), 'images');
});

test('a command that is too long for a line can be copied: its lines are joined by backslashes', (t) => {
  const command = installCommand(['qemu-system-x86', 'vde2', 'mmdebstrap', 'erofs-utils', 'debian-archive-keyring']);
  const error = new MissingPartError('something is missing', {
    cause: 'a cause in many words, of which each is short, so that they do not fit into one line of the screen',
    tryThis: command,
    tail: 'first line of a program\nand its second line, which is longer than anybody’s screen may be, and goes on below',
  });
  const text = errorText(error);
  fits(t, text, 'error');
  const [, typed = ''] = /try: +(.*)$/s.exec(text) ?? [];
  t.is(typed.replace(/ \\\n +/g, ' '), command);
  t.is(text.match(/^ {4}\| /gm)?.length, 3);
});

test('problems of a lab file fit into 80 columns', (t) => {
  const problems = [
    { line: 3, path: 'service.scheduler', what: `"rrr" is not known`, fix: `one of ${'rr, '.repeat(40)}` },
  ];
  fits(t, errorText(new LabFileError('labs/mine.yaml', problems)), 'lab file');
});
