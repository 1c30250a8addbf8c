import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { writeWhole } from '../host/files.ts';
import { mapParallel } from '../host/parallel.ts';
import { projectRoot } from '../host/paths.ts';
import type { Machine } from '../providers/provider.ts';
import { Remote } from '../remote/remote.ts';
import type { Script } from '../render/render.ts';
import type { Emit } from '../report/events.ts';
import type { BootedLab, ProvisionedLab } from './lab-states.ts';
import { parseStepLog } from './step-log.ts';

/** Where the scripts go on a node, below the home of the user who logs in. */
const remoteFolder = 'lvs-lab';

/** A connection costs a core some tenths of a second: a few more than there are cores keep them all busy. */
export const connectWidth = Math.max(4, availableParallelism() * 3);

/** A step may install packages on a stock box. */
const phaseDeadlineMs = 600_000;

/** Opens a connection to each machine. */
export async function connectAll(machines: readonly Machine[]): Promise<Map<string, Remote>> {
  const opened = await mapParallel(machines, connectWidth, (machine) => Remote.connect(machine.node, machine.ssh));
  return new Map(opened.map((remote) => [remote.node, remote]));
}

/**
 * Pushes the scripts of every node and runs them, phase by phase, all nodes of a phase at the same time.
 * @param only the nodes to work on; all by default
 * @throws ScriptError naming node and step of the first that failed
 */
export async function provision(
  lab: BootedLab,
  scripts: readonly Script[],
  emit: Emit,
  only: readonly string[] = lab.machines.map(({ node }) => node),
): Promise<ProvisionedLab> {
  const remotes = new Map<string, Remote>();
  const phases = [...new Set(scripts.map(({ phase }) => phase))];
  const machines = lab.machines.filter(({ node }) => only.includes(node));
  try {
    for (const [index, phase] of phases.entries()) {
      await mapParallel(machines, connectWidth, async ({ node, ssh }) => {
        const mine = scripts.filter((script) => script.node === node);
        if (index === 0) {
          const remote = await Remote.connect(node, ssh);
          remotes.set(node, remote);
          await push(lab, remote, mine);
        }
        await runPhase(lab, remotes.get(node) as Remote, mine.filter((script) => script.phase === phase), emit);
      });
    }
  } catch (error) {
    for (const remote of remotes.values()) remote.close();
    throw error;
  }
  return { ...lab, remotes };
}

async function push({ place }: BootedLab, remote: Remote, scripts: readonly Script[]): Promise<void> {
  await remote.put(remoteFolder, [
    { local: join(projectRoot, 'templates/run-steps.sh'), name: 'run-steps.sh' },
    ...scripts.map(({ node, file }) => ({ local: join(place.folder, 'scripts', node, file), name: file })),
  ]);
}

async function runPhase({ plan, place }: BootedLab, remote: Remote, scripts: readonly Script[], emit: Emit): Promise<void> {
  if (scripts.length === 0) return;
  const { node } = remote;
  const files = scripts.map(({ file }) => file);
  // Only root may do what these scripts do; where the kit logs in as somebody else, sudo asks for no password.
  const command = `$(test "$(id -u)" = 0 || echo sudo) sh ${remoteFolder}/run-steps.sh ${files.join(' ')}`;
  const { code, stdout, stderr } = await remote.exec(command, { deadlineMs: phaseDeadlineMs, step: files.join(', ') });
  const log = join(place.folder, 'logs', `${node}.log`);
  await writeWhole(log, stdout + stderr);
  const results = parseStepLog(stdout);
  for (const { step, code: stepCode, seconds } of results) emit({ type: 'step', node, step, code: stepCode, seconds });
  if (code === 0) return;
  const failed = results.find((result) => result.code !== 0);
  throw new ScriptError(`a script ended with exit code ${failed?.code ?? code}`, {
    node,
    step: failed?.step ?? files[results.length],
    tail: lastLines(failed?.output ?? stderr),
    log,
    tryThis: `lab ssh ${plan.lab} ${node} -- sh -x ${remoteFolder}/${failed?.step ?? files[0]}`,
  });
}
