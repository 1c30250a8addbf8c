import { mkdtemp } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { ConnectionError, LabError, ProviderError } from '../../scripts/errors.ts';
import { Agent } from '../../scripts/providers/qemu/agent.ts';
import { JsonLines } from '../../scripts/providers/qemu/json-lines.ts';
import { type Hardware, machineArguments, readOnlyFile } from '../../scripts/providers/qemu/machine-arguments.ts';
import { Monitor, parseForwardedPort } from '../../scripts/providers/qemu/monitor.ts';
import { areCurrent, scriptNamed, scriptsIn, templateOfRole } from '../../scripts/providers/qemu/template.ts';

const hardware: Hardware = {
  accelerator: 'tcg',
  memory: 512,
  image: {
    key: 'k',
    system: { release: 13, kernel: 'cloud' },
    folder: '/i',
    kernel: '/i/vmlinuz',
    initrd: '/i/initrd',
    root: '/i/a,b',
  },
};
const files = { memory: '/m', shareMemory: false, monitor: '/r/m', agent: '/r/a', console: '/c' };

test('the command line: private memory, commas doubled, closed network, sandbox', (t) => {
  const args = machineArguments('lvs-lab/x/rs1', hardware, files, [{ kind: 'vde', folder: '/r/s' }], {
    incoming: true,
  });
  const text = args.join(' ');
  t.regex(text, /share=off,mem-path=\/m/);
  t.regex(text, /file=\/i\/a,,b/);
  t.regex(text, /vde,id=lab0,sock=\/r\/s/);
  t.regex(text, /hubport,id=lab1/);
  t.regex(text, /restrict=on.*hostfwd=tcp:127\.0\.0\.1:0-/);
  t.regex(text, /-sandbox on,.*spawn=deny/);
  t.deepEqual(args.slice(-2), ['-incoming', 'defer']);
});

test('a template and its clones have the same devices', (t) => {
  const devices = (incoming: boolean) =>
    machineArguments('n', hardware, { ...files, shareMemory: !incoming }, [], { incoming }).filter(
      (_, at, all) => all[at - 1] === '-device',
    );
  t.deepEqual(devices(true), devices(false));
});

test('a disk is a file that others may have open as well; without one it is of zeros', (t) => {
  const drive = (disk?: string) =>
    machineArguments('n', hardware, { ...files, ...(disk && { disk }) }, [], { incoming: true })
      .filter((argument) => argument.includes('id=data'))
      .join(' ');
  t.regex(drive('/l/disks/a,b.raw'), /format=raw,.*file\.locking=off,file\.filename=\/l\/disks\/a,,b\.raw$/);
  t.regex(drive(), /driver=null-co,size=2048M/);
});

test('a machine with another kernel than its image’s own has a third disk with the modules; any other has none', (t) => {
  const layer = { name: '6.1.0-50-cloud-amd64', folder: '/k', file: '/k/modules,1.erofs' };
  const other = { ...hardware, image: { ...hardware.image, layer } };
  const [args, own] = [other, hardware].map((one) => machineArguments('n', one, files, [], { incoming: false }));
  const disks = (all: readonly string[] = []) => all.filter((one) => one.startsWith('virtio-blk-pci'));
  t.deepEqual(disks(own), ['virtio-blk-pci,drive=root', 'virtio-blk-pci,drive=data,serial=lab-data']);
  t.deepEqual(disks(args), [...disks(own), 'virtio-blk-pci,drive=layer']);
  t.true(args?.some((one) => one.endsWith(' lab.layer=/dev/vdc')));
  t.is(readOnlyFile(args ?? [], 'layer'), layer.file);
  t.is(readOnlyFile(args ?? [], 'root'), '/i/a,b');
  t.is(readOnlyFile(own ?? [], 'layer'), undefined);
});

test('the forwarded port is read from info usernet', (t) => {
  const text = `Hub -1 (management):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[HOST_FORWARD]  15       127.0.0.1 41373   169.254.77.15    22     0     0
`;
  t.is(parseForwardedPort(text), 41373);
  t.is(parseForwardedPort(''), undefined);
});

async function peer(onLine: (line: string, socket: Socket) => void): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'lab-qmp-')), 's');
  const server = createServer((socket) => {
    socket.write('{"QMP": {"version": {}}}\n');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\n').filter(Boolean)) onLine(line, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  server.unref();
  return path;
}

test('JSON lines: greetings and events are passed over, refusals and silence are errors', async (t) => {
  const path = await peer((line, socket) => {
    const { execute } = JSON.parse(line) as { execute: string };
    if (execute === 'good') socket.write('{"event": "RESUME"}\nnot JSON\n\u00ff{"return": {"a": 1}}\n');
    if (execute === 'bad') socket.write('{"error": {"class": "GenericError", "desc": "no"}}\n');
    if (execute === 'die') socket.destroy();
  });
  const lines = await JsonLines.open(path, 'QEMU', { deadlineMs: 60_000 });
  t.deepEqual(await lines.request('good'), { a: 1 });
  const error = await t.throwsAsync(lines.request('bad'), { instanceOf: ProviderError });
  t.regex(error?.message ?? '', /QEMU refused bad: no/);
  const impatient = await JsonLines.open(path, 'QEMU', { deadlineMs: 200 });
  await t.throwsAsync(impatient.request('silence'), { instanceOf: ConnectionError });
  impatient.close();
  await t.throwsAsync(lines.request('die'), { instanceOf: ConnectionError });
  lines.close();
});

test('whatever QEMU or a guest agent says, it is an answer or an error with words', async (t) => {
  t.timeout(600_000);
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record({ pid: fc.jsonValue(), exited: fc.jsonValue(), 'out-data': fc.jsonValue() }),
  );
  const line = fc.oneof(
    value.map((one) => JSON.stringify({ return: one })),
    value.map((one) => JSON.stringify({ error: one })),
    fc.json(),
    fc.string({ unit: 'binary' }),
  );
  let said = '';
  // It greets as it should, says all that it has to say at the first question, and goes.
  const path = await peer((question, socket) => {
    const { execute, arguments: args } = JSON.parse(question) as { execute: string; arguments: { id?: number } };
    if (execute === 'guest-sync') socket.write(`${JSON.stringify({ return: args.id })}\n`);
    else if (execute === 'qmp_capabilities') socket.write('{"return": {}}\n');
    else if (socket.writable) socket.end(said);
  });
  const kinds = new Set<string>();
  const wait = { deadlineMs: 1000 };
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), fc.boolean(), async (lines, asAgent) => {
      said = `${lines.join('\n')}\n`;
      try {
        if (asAgent) await (await Agent.open(path, 'rs1', wait)).sh('step', 'true', []);
        else await (await Monitor.open(path, 'rs1', wait)).state();
        kinds.add('answer');
      } catch (error) {
        if (!(error instanceof LabError) || !error.message) throw error;
        kinds.add(error.name);
      }
    }),
    { numRuns: 1000 },
  );
  t.true(kinds.has('ConnectionError') && kinds.has('ProviderError'), [...kinds].join());
});

test('a socket without a listener is an error at the deadline, or when the process has ended', async (t) => {
  await t.throwsAsync(JsonLines.open('/nowhere/socket', 'QEMU', { deadlineMs: 30 }), { instanceOf: ConnectionError });
  const ended = () => {
    throw new ProviderError('ended');
  };
  await t.throwsAsync(JsonLines.open('/nowhere/socket', 'QEMU', { deadlineMs: 60_000, alive: ended }), {
    instanceOf: ProviderError,
  });
});

test('a template is out of date when a script that ran in it has changed, or is not there any more', async (t) => {
  const plain = { key: 'k', folder: '/t', memory: '/t/memory', state: '/t/state', hardware };
  const scripts = await scriptsIn(templateOfRole(plain, [await scriptNamed('director/ipvs-warm')]));
  t.deepEqual(
    scripts.map(({ name }) => name),
    ['guest/prepare.sh', 'director/ipvs-warm'],
  );
  t.true(await areCurrent(scripts));
  const own = { name: 'a module', text: 'its bytes' };
  t.deepEqual(await scriptsIn(templateOfRole(plain, [await scriptNamed('director/ipvs-warm')], own)), scripts);
  t.true(await areCurrent([]), 'templates of earlier versions do not tell');
  const [prepare] = scripts;
  t.false(await areCurrent([{ name: 'director/ipvs-warm', hash: String(prepare?.hash) }]));
  t.false(await areCurrent([{ name: 'director/was-once', hash: String(prepare?.hash) }]));
});
