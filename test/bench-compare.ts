import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../scripts/host/exec.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { columns } from '../scripts/report/columns.ts';
import { print, say } from '../scripts/report/output.ts';

/**
 * npm run bench -- --compare vagrant: the same labs with both providers, one after the other. Where no libvirt answers,
 * root gets one of its own, as the tests do.
 */
export async function compareWithVagrant(): Promise<void> {
  const asked = await run('virsh', ['--connect', 'qemu:///system', 'version'], { anyExitCode: true }).catch(() => ({
    code: 1,
  }));
  if (asked.code !== 0) {
    say('  no libvirt answers: starting one in namespaces of its own');
    const again = ['npx', 'tsx', 'test/bench.ts', '--compare', 'vagrant'];
    const { code } = await run('npx', ['tsx', 'test/vagrant/run.ts', '--', ...again], {
      cwd: projectRoot,
      terminal: true,
      anyExitCode: true,
    });
    process.exitCode = code;
    return;
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'lab-bench-')));
  const lab = (...args: string[]) =>
    run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...args], { cwd: folder, timeoutMs: 1_800_000 });
  const timed = async (...args: string[]): Promise<number> => {
    const start = performance.now();
    await lab(...args);
    return (performance.now() - start) / 1000;
  };
  await lab('image', 'box', '--add');
  const rows = [['', 'qemu', 'vagrant (libvirt)', 'ratio']];
  const figures: { what: string; qemu: number; vagrant: number }[] = [];
  const put = (what: string, [qemu = 0, vagrant = 0]: number[]) => {
    figures.push({ what, qemu, vagrant });
    rows.push([what, `${qemu.toFixed(1)} s`, `${vagrant.toFixed(1)} s`, `× ${(vagrant / qemu).toFixed(1)}`]);
    print(`  ${rows.at(-1)?.join('   ')}`);
  };
  // Boxes are uploaded and templates made before the clock runs.
  for (const provider of ['qemu', 'vagrant']) {
    await lab('up', 'dr', '--provider', provider);
    await lab('down', 'dr');
  }
  for (const name of ['nat', 'dr', 'tun']) {
    const times: Record<string, number[]> = { run: [], again: [], verify: [], reset: [], down: [] };
    for (const provider of ['qemu', 'vagrant']) {
      times.run?.push(await timed('run', name, '--provider', provider));
      times.again?.push(await timed('run', name));
      times.verify?.push(await timed('verify', name));
      times.reset?.push(await timed('reset', name, 'rs1'));
      times.down?.push(await timed('down', name));
    }
    put(`lab run ${name}`, times.run ?? []);
    if (name !== 'dr') continue;
    put('lab run dr, again', times.again ?? []);
    put('lab verify dr', times.verify ?? []);
    put('lab reset dr rs1', times.reset ?? []);
    put('lab down dr', times.down ?? []);
  }
  const machine = `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  print(`\n${machine}\n\n${columns(rows)}`);
  const document = { schema: 'lvs-lab/bench-compare/1', machine, figures };
  await writeFile(join(projectRoot, 'bench.json'), `${JSON.stringify(document, null, 2)}\n`);
}
