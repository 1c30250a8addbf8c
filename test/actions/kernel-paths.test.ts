import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openBug } from '../../scripts/actions/look-for-bug.ts';
import { openLab } from '../../scripts/actions/open-lab.ts';
import { openVariant } from '../../scripts/actions/open-variant.ts';
import { readExperiment } from '../../scripts/experiment/read.ts';
import { readExperimentFile } from '../../scripts/host/experiment-files.ts';
import { removeTree } from '../../scripts/host/files.ts';
import type { Plan } from '../../scripts/plan/plan.ts';

const quiet = () => {};

const lab = (image: string) => `title: Mine
mode: dr
kernel: { image: ${image}/bzImage, modules: ${image}/modules }
kernels: { rs1: { image: ${image}/other, modules: ${image}/modules } }
modules: { ip_vs: ${image}/ip_vs.ko }
networks: { front: 192.168.1.0/24 }
director: 192.168.1.2
real_servers: [{ name: rs1, address: 192.168.1.4 }]
service: { vip: 192.168.1.3, port: 80, protocol: tcp, scheduler: rr }
`;

/** A folder of somebody who has kernels of their own beside labs/, and in it the folder of a job of a batch. */
async function folders(t: ExecutionContext): Promise<{ home: string; job: string }> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'lab-kernel-')));
  t.teardown(() => removeTree(home));
  const job = join(home, 'x.results', 'job', 'work');
  await mkdir(join(home, 'labs', 'bugs'), { recursive: true });
  await mkdir(job, { recursive: true });
  await symlink(join(home, 'labs'), join(job, 'labs')); // as perform-job.ts does
  await writeFile(join(home, 'labs', 'mine.yaml'), lab('../linux'));
  await writeFile(join(home, 'labs', 'inside.yaml'), lab('linux'));
  return { home, job };
}

async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(before);
  }
}

/** All paths of kernels and modules. */
function pathsOf({ kernel, nodes }: Plan): unknown[] {
  return [kernel, ...nodes.flatMap((node) => node.kernel ?? []), ...nodes.flatMap((node) => node.module ?? [])];
}

const wanted = (linux: string) => [
  { image: `${linux}/bzImage`, modules: `${linux}/modules` },
  { image: `${linux}/other`, modules: `${linux}/modules` },
  `${linux}/ip_vs.ko`,
];

test.serial('a kernel beside labs/ is the same one in the folder of a job', async (t) => {
  const { home, job } = await folders(t);
  for (const place of [home, job])
    for (const [name, linux] of [
      ['mine', `${home}/linux`],
      ['inside', `${home}/labs/linux`],
    ] as const) {
      const { plan } = await inFolder(place, () => openLab(name, {}, quiet));
      t.deepEqual(pathsOf(plan), wanted(linux), `${name} in ${place}`);
    }
});

const experiment = 'steps:\n  - send: {}\n    see: [{ answers: { answered: true } }]\n';

test.serial('a kernel in the file of a lab that an experiment names is beside that file', async (t) => {
  const { home, job } = await folders(t);
  const path = join(home, 'one.yaml');
  await writeFile(path, `title: One\nlab: mine\n${experiment}`);
  for (const place of [home, job]) {
    const { plan } = await inFolder(place, async () => {
      const { name, file, text } = await readExperimentFile(path);
      const { data, source } = readExperiment(text, { name, file });
      return openVariant({ name, lab: data.lab, source, file }, data.variant, {}, quiet);
    });
    t.deepEqual(pathsOf(plan), wanted(`${home}/linux`), place);
  }
});

const bug = `id: mine
title: Mine
symptom: No answer comes.
references: ['https://example.org/x']
where: { kernel: {} }
lab: ../../elsewhere.yaml
steps:
  - send: {}
    see: [{ answers: { answered: true } }]
    wrong: [{ answers: { answered: false } }]
    right: [{ answers: { answered: true } }]
`;

test.serial('a bug below labs/ finds the file of its lab in the folder of a job', async (t) => {
  const { home, job } = await folders(t);
  await writeFile(join(home, 'elsewhere.yaml'), lab('linux'));
  await writeFile(join(home, 'labs', 'bugs', 'mine.yaml'), bug);
  for (const place of [home, job]) {
    const { plan } = await inFolder(place, async () => {
      const opened = await openBug('mine');
      return openVariant(opened.toOpen, opened.bug.variant, {}, quiet);
    });
    t.deepEqual(pathsOf(plan), wanted(`${home}/linux`), place);
  }
});
