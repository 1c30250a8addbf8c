import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../../scripts/host/files.ts';
import { projectRoot } from '../../../scripts/host/paths.ts';
import { findProcesses } from '../../../scripts/host/processes.ts';
import { waitFor } from '../../../scripts/host/wait.ts';

/** Debian's packages of a Slurm, by their programs. */
export const slurmTools = {
  munged: 'munge',
  slurmctld: 'slurmctld',
  slurmd: 'slurmd',
  sbatch: 'slurm-client',
  ip: 'iproute2',
};

/** Two nodes of a Slurm in namespaces of their own. It takes root. */
export class Cluster {
  /** A folder that all nodes share, with the cluster's files. */
  readonly folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, process: ChildProcess) {
    this.folder = folder;
    this.#process = process;
  }

  static async start(): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'lab-slurm-'));
    const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const script = join(projectRoot, 'test/batch/slurm/with-slurm.sh');
    const child = spawn('unshare', [...namespaces, 'sh', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (part: Buffer) => {
      said += part;
    });
    const cluster = new Cluster(folder, child);
    const isReady = () => (said.includes('ready') || child.exitCode !== null ? true : undefined);
    try {
      await waitFor(isReady, { what: `both nodes of a Slurm, with logs in ${folder}`, deadlineMs: 60_000 });
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    if (child.exitCode !== null) throw new Error(`the Slurm in ${folder} did not start`);
    return cluster;
  }

  /** Words in front of a command that is to run on the controller. */
  async inside(): Promise<string[]> {
    const { pid } = this.#process;
    const [first = ''] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ');
    return [
      'nsenter',
      `--target=${first}`,
      '--net',
      '--mount',
      '--pid',
      `--wd=${projectRoot}`,
      'env',
      `SLURM_CONF=${this.folder}/slurm.conf`,
    ];
  }

  /** Cuts the power of a node: all its processes end at once. */
  async kill(node: string): Promise<void> {
    const daemons = await findProcesses(`${this.folder}/slurm.conf`, ['slurmd']);
    const [found] = daemons.filter(({ argv }) => argv.includes(node));
    if (!found) throw new Error(`no slurmd of ${node} runs`);
    process.kill(found.pid, 'SIGKILL');
  }

  async end(): Promise<void> {
    this.#process.stdin?.end();
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
    await removeTree(this.folder);
  }
}
