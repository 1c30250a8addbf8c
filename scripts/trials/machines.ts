import { LabError, ScriptError } from '../errors.ts';
import { addServer, removeServer, weighServer } from '../experiment/edits.ts';
import type { Deed } from '../experiment/experiment.ts';
import type { Row } from '../experiment/kinds.ts';
import { serviceIn } from '../experiment/services.ts';
import type { NodeKernel } from '../experiment/trial.ts';
import { type Choice, choose } from '../faults/choose.ts';
import { faults } from '../faults/index.ts';
import { lastLines } from '../host/exec.ts';
import { Patience, together } from '../host/patience.ts';
import { parseKernelVersion } from '../ipvs/kernel.ts';
import { theNode } from '../plan/plan.ts';
import { providerOf } from '../providers/providers.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { errorText } from '../report/error-text.ts';
import type { Emit } from '../report/events.ts';
import type { Bench, Done } from './bench.ts';
import { beginLogs } from './kernel-logs.ts';
import { close, type Sh, send } from './send.ts';
import { watchStep } from './watch.ts';

/** What only an action can do to a lab. */
export interface Control {
  make(choice: Choice): Promise<void>;
  mend(choice: Choice): Promise<void>;
  /** Replaces a machine, and its connection in the lab. */
  reset(node: string): Promise<void>;
}

/** Idle milliseconds for what a step runs: it may wait for something itself. */
const deadlineMs = 300_000;

/** The machines of a lab, whose lock the caller holds. */
export async function benchOf(lab: ProvisionedLab, templates: Templates, control: Control, emit: Emit): Promise<Bench> {
  const { plan, place } = lab;
  const exec = (node: string, input: string, step: string, wait = deadlineMs) => {
    const remote = remoteTo(lab, node);
    return remote.exec(remote.asRoot('sh -s'), { input, deadlineMs: wait, step });
  };
  const sh: Sh = async (node, script, { step, deadlineMs: wait }) => {
    const { code, stdout, stderr } = await exec(node, script, step, wait ?? 60_000);
    if (code === 0) return stdout;
    throw new ScriptError(`a script ended with exit code ${code}`, { node, step, tail: lastLines(stderr || stdout) });
  };
  const command = async (on: string, run: string): Promise<Row> => {
    const { code, stdout, stderr } = await exec(on, run, 'run');
    return { exit: code, prints: stdout + stderr };
  };
  const names = plan.nodes.map(({ name }) => name);
  const [logs, kernels] = await Promise.all([beginLogs(names, place, sh), kernelsOf(names, sh)]);
  const undoing: (() => Promise<void>)[] = [];
  const sender = { plan, templates, sh };
  const startCapture = async () => {
    const { capture } = await providerOf(plan.provider);
    if (!capture) throw new Error(`provider ${plan.provider} cannot capture`);
    return capture.start(plan, place);
  };
  return {
    kernels,
    watch: (kinds) => watchStep({ plan, sh, logs, command, startCapture }, kinds),
    perform: (deed, mayFail) => perform(deed, mayFail, { lab, sender, command, control, undoing }),
    patience(seconds) {
      const effort = together(lab.machines.map((machine) => machine.effort));
      const patience = new Patience({ deadlineMs: seconds * 1000, effort });
      return () => patience.lost();
    },
    complaints: () => logs.complaints(),
    consoles: () => logs.consoles(),
    async undo() {
      for (let undo = undoing.pop(); undo; undo = undoing.pop()) {
        try {
          await undo();
        } catch (error) {
          if (!(error instanceof LabError)) throw error;
          emit({ type: 'warning', text: `what a step changed is not undone: ${errorText(error)}` });
        }
      }
    },
  };
}

function kernelsOf(nodes: readonly string[], sh: Sh): Promise<NodeKernel[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const text = await sh(node, 'cat /proc/version', { step: 'trials/kernel' });
      const name = /^Linux version (\S+)/.exec(text)?.[1] ?? '';
      return { node, name, version: parseKernelVersion(text) };
    }),
  );
}

interface Hands {
  lab: ProvisionedLab;
  sender: Parameters<typeof send>[0];
  command(on: string, run: string): Promise<Row>;
  control: Control;
  undoing: (() => Promise<void>)[];
}

async function perform(deed: Deed, mayFail: boolean, hands: Hands): Promise<Done> {
  const { sender, control, undoing } = hands;
  switch (deed.verb) {
    case 'run':
      return { command: await runOn(deed.of, mayFail, hands) };
    case 'send': {
      const { hold } = deed.of;
      if (hold !== undefined) undoing.push(() => close(sender, hold));
      return { answers: await send(sender, deed.of) };
    }
    case 'close':
      await close(sender, deed.of);
      return {};
    case 'break':
    case 'mend':
      await changeFault(deed, hands);
      return {};
    case 'weight':
    case 'remove':
      await edit(deed, hands);
      return {};
    case 'reset':
      await control.reset(deed.of);
      return {};
    case 'wait':
      return {};
  }
}

async function runOn(
  { on, command: text }: Extract<Deed, { verb: 'run' }>['of'],
  mayFail: boolean,
  { command }: Hands,
): Promise<Row> {
  const end = await command(on, text);
  if (end.exit === 0 || mayFail) return end;
  throw new ScriptError(`a command ended with exit code ${end.exit}`, {
    node: on,
    step: text.trim().split('\n')[0],
    tail: lastLines(String(end.prints)),
    cause: 'the step expects nothing of its end, so the command must succeed',
  });
}

async function changeFault(
  { verb, of: { fault, at } }: Extract<Deed, { verb: 'break' | 'mend' }>,
  { lab, control, undoing }: Hands,
): Promise<void> {
  const choice = choose(faults, lab.plan, fault, at);
  if (verb === 'mend') return control.mend(choice);
  undoing.push(() => control.mend(choice));
  return control.make(choice);
}

async function edit(
  { verb, of }: Extract<Deed, { verb: 'weight' | 'remove' }>,
  { lab: { plan }, sender: { sh }, undoing }: Hands,
): Promise<void> {
  const service = serviceIn(plan, of.service);
  if (!service) throw new Error(`no service ${of.service}`);
  const on = theNode(plan, 'director').name;
  const step = { step: `ipvsadm, ${verb}` };
  const planned = service.destinations.find(({ server }) => server === of.server)?.weight ?? 1;
  // Health checks may have put it back, or taken it out.
  const again = `${addServer(service, of.server)} 2> /dev/null || ${weighServer(service, of.server, planned)} || true`;
  undoing.push(async () => void (await sh(on, again, step)));
  await sh(on, verb === 'weight' ? weighServer(service, of.server, of.to) : removeServer(service, of.server), step);
}
