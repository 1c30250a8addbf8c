import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandsOf } from '../../scripts/faults/fault.ts';
import { run } from '../../scripts/host/exec.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { readState, writeState } from '../../scripts/host/state-file.ts';
import { waitFor } from '../../scripts/host/wait.ts';
import { chosenFaults } from '../e2e/chosen-faults.ts';
import { digits, failedWords, fewRequests, LabCommand, outputOf } from '../e2e/lab.ts';
import { assertSeen } from '../e2e/make-fault.ts';
import { testsOf } from '../listed.ts';
import { scaled } from '../pace.ts';

// Runs beside a libvirtd of its own: see run.ts.
const test = testsOf('vagrant');
const lab = await LabCommand.inFreshFolder();
const modes = ['nat', 'dr', 'tun'] as const;
const faults = await chosenFaults(modes);

async function virsh(...args: string[]): Promise<string[]> {
  const { stdout } = await run('virsh', ['--quiet', '--connect', 'qemu:///system', ...args]);
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** A shell command as root, which the box's user becomes by sudo; throws when it fails. */
async function on(mode: string, node: string, command: string): Promise<string> {
  return outputOf(node, command, await lab.run('ssh', mode, node, '--', command));
}

/** Everything that a lab could leave behind; the box's own image stays, like a cache. */
async function leftBehind(): Promise<string[]> {
  const volumes = (await virsh('vol-list', '--pool', 'default')).filter(
    (line) => !line.includes('_vagrant_box_image_'),
  );
  const processes: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
    if (/qemu-system|dnsmasq|vagrant (up|destroy|status)/.test(command)) processes.push(command);
  }
  return [
    ...(await virsh('list', '--all', '--name')),
    ...(await virsh('net-list', '--all', '--name')),
    ...volumes,
    ...processes,
  ];
}

test.before('lab image box --add makes the box and adds it, and a second time changes nothing', async (t) => {
  for (const _ of [1, 2]) {
    const { code, document, stderr } = await lab.json<{ name: string; version: string }>('image', 'box', '--add');
    t.is(code, 0, stderr);
    t.is(document.name, 'lvs-lab/debian13');
    const { stdout } = await run('vagrant', ['box', 'list']);
    t.is(stdout.trim(), `lvs-lab/debian13 (libvirt, ${document.version})`);
  }
});

test.after(() => lab.end());

for (const mode of modes) {
  if (mode === 'tun') {
    const killInTheMiddleOfUp = async (machines: number) => {
      const up = lab.run('up', mode, '--provider', 'vagrant');
      await waitFor(async () => ((await virsh('list', '--name')).length >= machines ? true : undefined), {
        what: 'the first machines',
        deadlineMs: scaled(120_000),
        everyMs: 50,
      });
      const commands = await Promise.all(
        (await readdir('/proc')).map(async (pid) => ({
          pid: Number(pid),
          text: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        })),
      );
      for (const { pid } of commands.filter(({ text }) => /bin\/lab\.js\0up|vagrant\0up/.test(text)))
        process.kill(pid, 'SIGKILL');
      await up.catch(() => {});
    };
    test('a kill in the middle of up leaves machines that Vagrant knows nothing of; down takes them away', async (t) => {
      await killInTheMiddleOfUp(2);
      t.is((await lab.run('down', mode)).code, 0);
      t.deepEqual(await leftBehind(), []);
    });

    // The next test brings the lab up from what this one leaves.
    test('a kill while machines boot', async (t) => {
      await killInTheMiddleOfUp(4);
      t.is((await virsh('list', '--name')).length, 4);
    });
  }

  test(`${mode}: the same lab from the same file, on Vagrant's machines`, async (t) => {
    const { code, document, stderr } = await lab.json('run', mode, '--provider', 'vagrant');
    t.is(document.provider, 'vagrant');
    t.deepEqual(failedWords(document), [], stderr);
    t.is(code, 0);
    t.is(digits(document), '212121212121');
  });

  const [fault] = faults.get(mode) ?? [];
  if (!fault) throw new Error(`no fault for ${mode}`);
  const { title, place } = fault;
  test(`${mode}, fault: ${title}`, async (t) => {
    for (const command of commandsOf(place.make)) await on(mode, command.on, command.run);
    assertSeen(t, fault, await lab.json('verify', mode, '--requests', fewRequests));
    const { code, stderr } = await lab.run('up', mode);
    t.is(code, 0, stderr);
    t.regex(stderr, /provider vagrant: the lab runs on it/);
    t.deepEqual(failedWords((await lab.json('verify', mode)).document), []);
  });

  if (mode === 'nat') {
    test('reset of a node destroys it and brings it up from its box, and says so', async (t) => {
      for (const node of ['rs1', 'rs2']) await on(mode, node, 'touch /root/mark');
      const { code, stderr } = await lab.run('reset', mode, 'rs1');
      t.is(code, 0, stderr);
      t.regex(stderr, /vagrant cannot clone: rs1 is destroyed and made again from its box/);
      t.is((await lab.run('ssh', mode, 'rs1', '--', 'test -e /root/mark')).code, 1);
      t.is((await lab.run('ssh', mode, 'rs2', '--', 'test -e /root/mark')).code, 0);
      t.deepEqual(failedWords((await lab.json('verify', mode)).document), []);
    });

    test('a reboot keeps what was written; up runs the scripts again', async (t) => {
      await on(mode, 'rs2', 'echo kept > /root/mark; sync');
      await lab.run('ssh', mode, 'rs2', '--', 'systemctl reboot --force --force');
      const { code, stderr } = await lab.run('up', mode);
      t.is(code, 0, stderr);
      t.is((await on(mode, 'rs2', 'cat /root/mark')).trim(), 'kept');
      t.deepEqual(failedWords((await lab.json('verify', mode)).document), []);
    });

    test('a machine that was powered off: verify and status say so, up boots it from its disk', async (t) => {
      await on(mode, 'rs1', 'echo kept > /root/mark; sync');
      const [id] = (await virsh('list', '--name')).filter((name) => name.endsWith('-rs1'));
      await virsh('destroy', id ?? '');
      t.is((await lab.run('verify', mode)).code, 5);
      const { document } = await lab.json<{ labs: { nodes: { node: string; state: string }[] }[] }>('status', mode);
      t.is(document.labs[0]?.nodes.find(({ node: name }) => name === 'rs1')?.state, 'stopped');
      t.is((await lab.run('up', mode)).code, 0);
      t.is((await on(mode, 'rs1', 'cat /root/mark')).trim(), 'kept');
      t.deepEqual(failedWords((await lab.json('verify', mode)).document), []);
    });

    test('doctor shows Vagrant, its plug-ins and libvirt', async (t) => {
      const { document } = await lab.json<{ findings: { subject: string; found: string }[] }>('doctor');
      const found = (subject: string) => document.findings.find((one) => one.subject === subject)?.found ?? '';
      t.regex(found('Vagrant'), /^Vagrant \d.*vagrant-libvirt \d.*machines by libvirt/);
      t.regex(found('libvirt'), /answers/);
    });
  }

  test(`${mode}: down leaves no domain, network, volume, process or file`, async (t) => {
    const { code, stderr } = await lab.run('down', mode);
    t.is(code, 0, stderr);
    t.deepEqual(await leftBehind(), []);
    t.deepEqual(await readdir(lab.folder), []);
  });
}

test('an experiment runs on Vagrant’s machines, and nothing of it is left', async (t) => {
  const { code, document, stderr } = await lab.json('bug', 'mh-quiesced-server', '--provider', 'vagrant');
  t.like(document, { provider: 'vagrant', verdict: 'reproduced' }, stderr);
  t.is(code, 1);
  t.deepEqual(await leftBehind(), []);
});

test('no such box: what Vagrant says of four machines at once is one message', async (t) => {
  const { code, stderr } = await run(
    process.execPath,
    [join(projectRoot, 'bin/lab.js'), 'up', 'dr', '--provider', 'vagrant'],
    {
      cwd: lab.folder,
      env: { LAB_BOX: 'no/such' },
      anyExitCode: true,
    },
  );
  t.is(code, 5, stderr);
  t.regex(stderr, /the box was not found/);
  t.regex(stderr, /lab image box --add/);
  t.is((await lab.run('down', 'dr')).code, 0);
});

test('boxes can be added in the kit’s own folder, whose Vagrantfile wants a plan', async (t) => {
  const { stdout } = await run(process.execPath, [join(projectRoot, 'bin/lab.js'), 'image', 'box', '--json'], {});
  const { catalogue } = JSON.parse(stdout) as { catalogue: string };
  const { code, stderr } = await run('vagrant', ['box', 'add', '--force', catalogue], {
    cwd: projectRoot,
    anyExitCode: true,
  });
  t.is(code, 0, stderr);
});

test('a cache that was moved: the catalogue names the box where it is now; one whose file is lost is made anew', async (t) => {
  const box = () => lab.json<{ catalogue: string; file: string }>('image', 'box');
  const { document: made } = await box();
  const named = async () => /file:[^"]*/.exec(await readFile(made.catalogue, 'utf8'))?.[0];
  const right = pathToFileURL(made.file).href;
  t.is(await named(), right);
  const catalogue = JSON.stringify(await readState(made.catalogue));
  await writeState(made.catalogue, JSON.parse(catalogue.replace(right, 'file:///before/it.box')));
  const { mtimeMs } = await stat(made.file);
  t.is((await box()).code, 0);
  t.is(await named(), right);
  t.is((await stat(made.file)).mtimeMs, mtimeMs);

  await rm(made.file);
  t.is((await box()).code, 0);
  t.true((await stat(made.file)).mtimeMs > mtimeMs);
});

/** Writes the plan of lab dr for who calls Vagrant without the kit. @returns its path */
async function planFile(): Promise<string> {
  const { stdout } = await lab.run('up', 'dr', '--dry-run', '--json');
  const file = join(lab.folder, 'plan.json');
  await writeFile(file, stdout);
  return file;
}

test('the Vagrantfile by hand: a message without a plan, and machines with one', async (t) => {
  const vagrant = (args: string[], env: Record<string, string>) =>
    run('vagrant', args, { cwd: projectRoot, env, anyExitCode: true, timeoutMs: scaled(120_000) });
  const without = await vagrant(['status'], { LAB_PLAN: '' });
  t.not(without.code, 0);
  t.regex(without.stderr, /LAB_PLAN must name the file of its plan:\n.*lab up dr --dry-run --json > plan\.json/);
  const env = { LAB_PLAN: await planFile(), VAGRANT_DOTFILE_PATH: join(lab.folder, 'dot') };
  const status = await vagrant(['status'], env);
  for (const node of ['client', 'director', 'rs1', 'rs2'])
    t.regex(status.stdout, new RegExp(`^${node} +not created`, 'm'));
});

// VirtualBox itself cannot run here. A VBoxManage that says its version makes Vagrant take its provider for usable, so
// that all of the Vagrantfile's VirtualBox settings are validated by Vagrant's own VirtualBox code.
test('the VirtualBox part of the Vagrantfile is valid', async (t) => {
  const bin = join(lab.folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'VBoxManage'), '#!/bin/sh\necho 7.0.20r163906\n', { mode: 0o755 });
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    LAB_PLAN: await planFile(),
    VAGRANT_DEFAULT_PROVIDER: 'virtualbox',
    VAGRANT_DOTFILE_PATH: join(lab.folder, 'dot'),
  };
  const validate = (cwd: string) =>
    run('vagrant', ['validate'], { cwd, env, anyExitCode: true, timeoutMs: scaled(60_000) });
  const good = await validate(projectRoot);
  t.is(good.code, 0, good.stdout + good.stderr);
  // The same with a setting that VirtualBox does not have: so the check can fail.
  const wrong = join(lab.folder, 'wrong');
  await mkdir(wrong);
  const text = await readFile(join(projectRoot, 'Vagrantfile'), 'utf8');
  await writeFile(join(wrong, 'Vagrantfile'), text.replace('virtualbox.linked_clone', 'virtualbox.linked_clones'));
  t.not((await validate(wrong)).code, 0);
});
