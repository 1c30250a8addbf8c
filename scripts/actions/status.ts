import { join } from 'node:path';
import { ExitCode } from '../errors.ts';
import { labName, namedBy, requireLabName, shortPath } from '../host/lab-files.ts';
import { type Place, placeOf } from '../host/paths.ts';
import { sshConfigOf } from '../host/ssh-config.ts';
import { readState } from '../host/state-file.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProviderName } from '../providers/index.ts';
import type { MachineStatus } from '../providers/provider.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { columns } from '../report/columns.ts';
import type { Emit } from '../report/events.ts';
import { painter, printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { runningPlaces } from './down.ts';
import type { Globals } from './globals.ts';
import { statusOfMachines } from './opened-lab.ts';

interface LabStatus {
  lab: string;
  folder: string;
  provider: ProviderName | null;
  running: boolean;
  nodes: NodeStatus[];
}

interface NodeStatus extends Omit<MachineStatus, 'state'> {
  role: string;
  addresses: string[];
  state: MachineStatus['state'] | 'missing';
}

/** lab status [NAME]: which labs and machines run. */
export async function status(name: string | undefined, globals: Globals): Promise<number> {
  const places = name === undefined ? await runningPlaces() : [placeOf(labName(name))];
  const { emit } = display(globals.json ? 'quiet' : globals.loudness);
  const labs = await Promise.all(places.map((place) => statusOf(place, emit)));
  if (name !== undefined && labs.every(({ nodes }) => nodes.length === 0)) await requireLabName(name);
  if (globals.json) printJson({ schema: 'lvs-lab/status/1', labs });
  else
    printText(
      labs.length > 0
        ? labs.map((lab) => labText(lab, name === undefined ? lab : namedBy(name))).join('\n\n')
        : asTyped('no lab runs; lab list shows what can be run'),
    );
  return ExitCode.ok;
}

async function statusOf(place: Place, emit: Emit): Promise<LabStatus> {
  const plan = await readState<Plan>(join(place.folder, 'plan.json'));
  const machines = new Map((await statusOfMachines(place, emit)).map((machine) => [machine.node, machine]));
  const planned = plan?.nodes ?? [...machines.keys()].map((name) => ({ name, role: '', nics: [] }));
  const nodes = planned.map(({ name, role, nics }): NodeStatus => {
    const machine = machines.get(name) ?? { node: name, state: 'missing' as const };
    return { ...machine, role, addresses: nics.map(({ address }) => address) };
  });
  const running = nodes.length > 0 && nodes.every(({ state }) => state === 'running');
  return { lab: place.lab, folder: place.folder, provider: plan?.provider ?? null, running, nodes };
}

export function labText(
  { lab, folder, provider, running, nodes }: LabStatus,
  given: { lab: string; file?: string },
): string {
  const paint = painter(process.stdout);
  if (nodes.length === 0) return `lab ${lab} does not run here; ${asTyped(`lab up ${labArgument(given)}`)} starts it`;
  const head = ['node', 'role', 'address', 'state', 'SSH', 'private memory'];
  const rows = nodes.map((node) => [
    node.node,
    node.role,
    node.addresses.join(' '),
    paint(node.state === 'running' ? 'green' : 'red', node.state),
    node.sshPort === undefined ? '–' : `${node.sshHost}:${node.sshPort}`,
    node.privateMemory === undefined ? '–' : `${node.privateMemory} MiB`,
  ]);
  return [
    `lab ${paint('bold', lab)}: ${running ? 'runs' : 'does not run, or not all of its machines do'}${provider ? ` (${provider})` : ''}, in ${shortPath(folder)}`,
    columns([head.map((word) => paint('bold', word)), ...rows]),
    `  plain SSH: ssh -F ${shortPath(sshConfigOf({ folder, lab, id: '', runtime: '' }))} ${nodes[0]?.node}`,
  ].join('\n');
}
