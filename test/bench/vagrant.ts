import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { say } from '../../scripts/report/output.ts';
import type { Wish } from './arguments.ts';
import { report } from './document.ts';
import { inFreshFolder } from './folder.ts';
import { vagrantGoals } from './goals.ts';
import { measure } from './measure.ts';
import { Side } from './side.ts';
import { describeCheckout } from './worktree.ts';

/**
 * npm run bench -- --compare vagrant: the same labs with both providers. Where no libvirt answers, root gets one of its own,
 * as the tests do.
 */
export async function vagrant(wish: Wish): Promise<number> {
  if (!(await libvirtAnswers())) return besideLibvirt(process.argv.slice(2));
  return inFreshFolder(async (folder) => {
    const side = (name: string, provider: string) =>
      new Side(name, join(folder, provider), { env: { LAB_PROVIDER: provider } });
    const [qemu, other] = [side('QEMU', 'qemu'), side('Vagrant', 'vagrant')];
    const ours = await describeCheckout();
    say('  Vagrant: making and adding the box');
    await qemu.run('image', 'box', '--add');
    await measure([qemu, other], wish);
    return report([qemu, other], wish, { compared: { ours, theirs: ours }, goals: vagrantGoals, style: 'times' });
  });
}

async function libvirtAnswers(): Promise<boolean> {
  const words = ['--connect', 'qemu:///system', 'version'];
  return run('virsh', words, { anyExitCode: true }).then(
    ({ code }) => code === 0,
    () => false,
  );
}

async function besideLibvirt(words: readonly string[]): Promise<number> {
  say('  no libvirt answers: starting one in namespaces of its own');
  const again = ['npx', 'tsx', 'test/bench/main.ts', ...words];
  const options = { cwd: projectRoot, terminal: true, anyExitCode: true };
  return (await run('npx', ['tsx', 'test/vagrant/run.ts', '--', ...again], options)).code;
}
