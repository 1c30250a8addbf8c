import { basename, join } from 'node:path';
import type { Place } from '../../host/paths.ts';
import { findProcesses, type OwnProcess } from '../../host/processes.ts';

export interface LabProcesses {
  /** QEMU processes by node. */
  machines: Map<string, OwnProcess>;
  /** Switches by network. */
  switches: Map<string, OwnProcess>;
  /** What lies between a node and its switch, by the names of its parts: see line-cable.ts. */
  lines: Map<string, OwnProcess>;
  /** Everything of the lab. */
  all: OwnProcess[];
}

/** QEMU's name of a machine, which tells the processes of a lab apart. */
export function machineName(place: Place, node: string): string {
  return `lvs-lab/${place.id}/${node}`;
}

export function switchFolder(place: Place, network: string): string {
  return join(place.runtime, `switch-${network}`);
}

/** The socket on which a switch takes commands. */
export function managementOf(folder: string): string {
  return `${folder}.management`;
}

/** The running processes of a lab: those of this user with a socket in the lab's runtime folder. */
export async function findLabProcesses(place: Place): Promise<LabProcesses> {
  const all = await findProcesses(`${place.runtime}/`);
  const machines = new Map<string, OwnProcess>();
  const switches = new Map<string, OwnProcess>();
  const lines = new Map<string, OwnProcess>();
  for (const one of all) {
    const node = valueAfter(one.argv, '-name')?.split('/').at(-1);
    const socket = basename(valueAfter(one.argv, '--sock') ?? valueAfter(one.argv, '-M') ?? '');
    if (node) machines.set(node, one);
    else if (socket.startsWith('switch-')) switches.set(socket.slice('switch-'.length), one);
    else if (socket.startsWith('line-')) lines.set(socket, one);
  }
  return { machines, switches, lines, all };
}

/** What follows an option on a command line. */
export function valueAfter(argv: readonly string[], option: string): string | undefined {
  const at = argv.indexOf(option);
  return at < 0 ? undefined : argv[at + 1];
}
