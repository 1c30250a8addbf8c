import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BugVerdict } from '../../scripts/experiment/trial.ts';
import { listBugFiles } from '../../scripts/host/experiment-files.ts';
import { waitFor } from '../../scripts/host/wait.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('experiments');

interface Step {
  title: string;
  expectations: { expected: string; seen: string; met: boolean }[];
}

interface BugDocument {
  verdict: BugVerdict;
  rounds: { steps: Step[]; complaints: unknown[] }[];
}

interface TryDocument {
  met: boolean;
  steps: Step[];
}

for (const id of (await listBugFiles()).keys()) {
  test(`bug ${id} is reproduced, and what its file names mends it`, async (t) => {
    const lab = await LabCommand.of(t, { lab: id });
    const found = await lab.json<BugDocument>('bug', id);
    t.is(found.document.verdict, 'reproduced', JSON.stringify(found.document, null, 1));
    t.is(found.code, 1);
    const mended = await lab.json<BugDocument>('bug', id, '--mended');
    t.is(mended.document.verdict, 'not reproduced', JSON.stringify(mended.document, null, 1));
    t.is(mended.code, 0);
    t.deepEqual(await lab.processes(id), []);
  });
}

/** Every verb, and every kind of what can be seen. */
const everything = `title: Every verb, and everything that can be seen
lab: nat
steps:
  - name: counted and captured
    send: { count: 4, ports: 20001 }
    see:
      - answers: { answered: true, status: 200, seconds: "< 60" }
        count: 4
        order: { server: [rs2, rs1, rs2, rs1] }
      - counters: { server: all, connections: 4, out_packets: "> 8" }
      - counters: { server: rs1, connections: 2 }
      - packets: { network: front, by: client, for: director, from: client, to: vip, protocol: tcp, flags: SYN, to_port: 80 }
        count: 4
      - packets: { network: back, by: director, for: rs1, from: client, to: rs1, flags: SYN, tunnel: none, fragment: false }
        count: 2
      - packets: { protocol: icmp }
        count: 0
      - connections: { client: client, client_port: 20001..20004, state: "!= ESTABLISHED" }
        count: 4
  - name: from another address
    send: { from: 192.168.1.77, ports: 20011, size: { up: 3000, down: 9000 } }
    see:
      - answers: { answered: true }
      - connections: { client: 192.168.1.77, client_port: 20011 }
      - packets: { network: front, by: client, from: 192.168.1.77, data: "> 1000" }
  - send: { hold: open, ports: [20021, 20023] }
    see:
      - answers: { answered: true }
        count: 2
      - connections: { client_port: [20021, 20023], state: ESTABLISHED }
        count: 2
  - close: open
  - wait: 20
    see:
      - connections: { client_port: [20021, 20023], state: ESTABLISHED }
        count: 0
  - weight: { server: rs1, to: 0 }
    see:
      - servers: { server: rs1, weight: 0, scheduler: rr }
  - remove: { server: rs1 }
    see:
      - servers: { server: rs1 }
        count: 0
  - break: { fault: gateway-missing, at: rs2 }
  - send: {}
    see:
      - answers: { answered: false }
  - mend: { fault: gateway-missing, at: rs2 }
  - reset: rs2
    see:
      - time: { seconds: "> 0" }
  - send: { count: 2 }
    see:
      - answers: { server: [rs1, rs2] }
        count: 2
  - name: the kernel says something
    run: { on: director, command: "echo 'something to see' > /dev/kmsg; echo done; exit 3" }
    see:
      - command: { exit: 3, prints: /done/ }
      - log: { node: director, line: /something to see/ }
        count: 1
      - log: { node: rs1, line: /something to see/ }
        count: 0
      - command: { on: rs1, run: uname -s, exit: 0, prints: /Linux/ }
`;

test('every verb does what it says, and everything can be seen', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'everything' });
  await writeFile(join(lab.folder, 'everything.yaml'), everything);
  const { code, document, stderr } = await lab.json<TryDocument>('try', 'everything.yaml');
  const missed = document.steps?.flatMap(({ title, expectations }) =>
    expectations.filter(({ met }) => !met).map(({ expected, seen }) => `${title}: ${expected}; ${seen}`),
  );
  t.deepEqual(missed, [], stderr);
  t.is(code, 0);
  t.deepEqual(await lab.processes('everything'), []);
});

test('what is not seen is told, with exit code 1; --keep undoes what was changed and lets the lab run', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'kept' });
  await writeFile(
    join(lab.folder, 'kept.yaml'),
    `title: Kept
lab: dr
steps:
  - weight: { server: rs1, to: 0 }
  - send: { count: 2 }
    see: [{ answers: { server: rs1 } }]
`,
  );
  const { code, stdout } = await lab.run('try', 'kept.yaml', '--keep');
  t.is(code, 1);
  t.regex(stdout, /✘ at least one answer with server rs1\n +seen: none such; 2 answers: server rs2 \(2 times\)/);
  t.regex(stdout, /NOT MET {2}1 of 1 expectation/);
  t.regex(await lab.on('kept', 'director', 'ipvsadm -Ln'), /192\.168\.1\.4:80 +Route +1 /);

  t.is((await lab.run('save', 'kept', 'begin')).code, 0);
  t.is((await lab.run('try', 'kept.yaml', '--from', 'begin')).code, 1);
  t.deepEqual(await lab.processes('kept'), []);
  t.is((await lab.run('forget', 'kept', 'begin')).code, 0);
});

test('Ctrl-C takes the lab down, also while it comes up; a broken lab says nothing of a bug', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'waits' });
  const steps = (waited: string) => `steps:\n  - wait: 3600\n    see: [{ servers: { weight: ${waited} } }]\n`;
  await writeFile(join(lab.folder, 'waits.yaml'), `title: Waits\nlab: dr\n${steps('7')}`);
  const moments = {
    'machines run': async () => (await lab.processes('waits')).length > 4,
    'the step waits': async () => (await readdir(join(lab.folder, '.lab/waits/state')).catch(() => [])).length === 4,
  };
  for (const [what, come] of Object.entries(moments)) {
    const { child, ended } = lab.begin('try', 'waits.yaml', '--verbose');
    await waitFor(async () => ((await come()) ? true : undefined), { what, deadlineMs: 120_000 });
    child.kill('SIGINT');
    await ended;
    t.is(child.exitCode, 130, what);
    t.deepEqual(await lab.processes('waits'), [], what);
  }

  await writeFile(
    join(lab.folder, 'broke.yaml'),
    `id: broke
title: The command fails
symptom: None.
references: [https://example.org/]
where: { kernel: {} }
lab: dr
steps:
  - run: { on: rs1, command: "exit 9" }
  - send: {}
    wrong: [{ answers: { answered: false } }]
    right: [{ answers: { answered: true } }]
`,
  );
  const { code, stderr } = await lab.run('bug', 'broke.yaml');
  t.is(code, 125);
  t.regex(stderr, /a command ended with exit code 9/);
  t.deepEqual(await lab.processes('broke'), []);
});
