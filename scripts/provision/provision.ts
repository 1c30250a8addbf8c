import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ConnectionError, ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { writeWhole } from '../host/files.ts';
import { mapParallel } from '../host/parallel.ts';
import { together } from '../host/patience.ts';
import { readStepRunner, stepRunner } from '../host/run-state.ts';
import type { Role } from '../plan/plan.ts';
import type { Machine } from '../providers/provider.ts';
import { Remote } from '../remote/remote.ts';
import { labArgument } from '../render/lab-argument.ts';
import type { Script } from '../render/render.ts';
import { type Emit, secondsSince } from '../report/events.ts';
import { type BootedLab, disconnect, type ProvisionedLab } from './lab-states.ts';
import { shellArchive } from './shell-archive.ts';
import { parseStepLog } from './step-log.ts';

/** The folder of the scripts on a node, in the home of the user who logs in. */
const remoteFolder = 'lvs-lab';

/** A connection keeps a core busy for some tenths of a second: a few more connections than cores keep all cores busy. */
export const connectWidth = Math.max(4, availableParallelism() * 3);

/** A step keeps a core busy. With more machines at a time, the longest step would only get a smaller share. */
const provisionWidth = Math.max(4, availableParallelism() * 2);

/** A step may install packages on a stock box. */
const phaseDeadlineMs = 600_000;

/** Opens a connection to each machine. */
export async function connectAll(machines: readonly Machine[]): Promise<Map<string, Remote>> {
  const remotes = new Map<string, Remote>();
  try {
    const lab = together(machines.map(({ effort }) => effort));
    await mapParallel(machines, connectWidth, async (machine) => {
      remotes.set(machine.node, await Remote.connect(machine, lab));
    });
  } catch (error) {
    disconnect({ remotes });
    throw error;
  }
  return remotes;
}

/**
 * Copies the scripts to the nodes and runs them, phase by phase, on `provisionWidth` nodes at a time.
 * @throws ScriptError with node and step of the first script that failed
 */
export async function provision(lab: BootedLab, scripts: readonly Script[], emit: Emit): Promise<ProvisionedLab> {
  const remotes = new Map<string, Remote>();
  const phases = [...new Set(scripts.map(({ phase }) => phase))];
  const machines = longestWorkFirst(lab);
  const runner = readStepRunner();
  runner.catch(() => {}); // awaited below, unless a connection fails first
  const effort = together(machines.map((machine) => machine.effort));
  try {
    for (const phase of phases) {
      await mapParallel(machines, provisionWidth, async (machine) => {
        const { node } = machine;
        const mine = scripts.filter((script) => script.node === node && script.phase === phase);
        const start = performance.now();
        const remote = remotes.get(node) ?? (await Remote.connect(machine, effort));
        if (!remotes.has(node)) emit({ type: 'node', node, state: 'connected', seconds: secondsSince(start) });
        remotes.set(node, remote);
        await runPhase(lab, remote, mine, await runner, emit);
      });
    }
  } catch (error) {
    disconnect({ remotes });
    throw error;
  }
  return { ...lab, remotes };
}

/** The longest work begins first: ldirectord and a database take longest, a client takes no time. */
function longestWorkFirst({ plan, machines }: BootedLab): Machine[] {
  const order: Role[] = ['director', 'site-server', 'real-server', 'router', 'client'];
  const placeOf = ({ node }: Machine) => order.indexOf(plan.nodes.find(({ name }) => name === node)?.role ?? 'client');
  return [...machines].sort((one, other) => placeOf(one) - placeOf(other));
}

/** Copies the scripts of a phase and runs them with one command, because each SSH channel takes a guest some time. */
async function runPhase(
  { plan, place }: BootedLab,
  remote: Remote,
  scripts: readonly Script[],
  runner: string,
  emit: Emit,
): Promise<void> {
  if (scripts.length === 0) return;
  const { node } = remote;
  const files = scripts.map(({ file }) => file);
  const runAll = remote.asRoot(`sh ${remoteFolder}/${stepRunner} ${files.join(' ')}`);
  const input = shellArchive(remoteFolder, [{ file: stepRunner, text: runner }, ...scripts], runAll);
  const log = join(place.folder, 'logs', `${node}.log`);
  let output = '';
  const onOutput = (text: string) => {
    output += text;
  };
  const options = { input, deadlineMs: phaseDeadlineMs, onOutput };
  const { code, stdout, stderr } = await remote.exec('sh -s', options).catch(async (error) => {
    if (!(error instanceof ConnectionError)) throw error;
    await writeWhole(log, output);
    const done = parseStepLog(output).length;
    throw new ConnectionError(error.message, {
      ...error.facts,
      step: files[done],
      tail: lastLines(output.replace(/^@@step .*$/gm, '')),
      log,
    });
  });
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
    tryThis: `lab ssh ${labArgument(plan)} ${node} -- sh -x ${remoteFolder}/${failed?.step ?? files[0]}`,
  });
}
