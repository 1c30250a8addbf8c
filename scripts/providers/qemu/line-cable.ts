import { join } from 'node:path';
import { MissingPartError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { run } from '../../host/exec.ts';
import { exists, removeTree } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses, type OwnProcess } from '../../host/processes.ts';
import { installCommand } from '../../host/requirements.ts';
import { waitFor } from '../../host/wait.ts';
import { which } from '../../host/which.ts';
import type { LineSettings } from '../../model/line.ts';
import { findLabProcesses, managementOf, switchFolder } from './lab-processes.ts';
import { parseShown, type Way, wirefilterCommands } from './line-settings.ts';
import { Management } from './management.ts';
import { nodePorts, startSwitchIn } from './switch.ts';
import { parsePorts, parseVlans, type SwitchPort } from './switch-ports.ts';

/**
 * What is between a node and its switch while their line is bad:
 *
 *     node ── port P ··· port A ── wirefilter out ── small switch ── wirefilter in ── port B ··· other nodes
 *
 * P, A and B are ports of the network's switch. P and A alone are in a VLAN of their own, so all frames of the node take this way.
 * Frames have a tag at A, which the small switch takes away: so a capture at the network's switch tells a frame at the node's end of
 * the line (at P and A) from the same frame at the switch (at B). The guest sees nothing of it, and no other machine is concerned.
 */
export interface Cable {
  network: string;
  /** The node's port at the switch of the network. Its number is that of the VLAN too. */
  port: number;
  /** Folder of the small switch, and the beginning of the names of all sockets. */
  folder: string;
}

export function cableOf(place: Place, network: string, port: number): Cable {
  return { network, port, folder: join(place.runtime, `line-${network}-${port}`) };
}

/** Port A, whose frames have a tag. */
const taggedPort = ({ port }: Cable) => port + nodePorts;
/** Port B. */
const farPort = ({ port }: Cable) => port + 2 * nodePorts;
/** The port of the node whose cable uses this one. */
export const nodePort = (number: number) => ((number - 1) % nodePorts) + 1;

/** A port that is in no VLAN for frames without a tag: NOVLAN in vde's port.h. */
const noVlan = 4095;

/** The management socket of a wirefilter, and the direction for which it is there. */
const socketOf = ({ folder }: Cable, way: Way) => `${folder}.${way === 'fromNode' ? 'out' : 'in'}`;

/** Idle milliseconds after which a switch or a wirefilter must have answered. */
const deadlineMs = 10_000;

export function manageSwitch<T>(
  place: Place,
  network: string,
  { pid }: OwnProcess,
  work: (session: Management) => Promise<T>,
): Promise<T> {
  const wait = { deadlineMs, effort: effortOf(pid) };
  return Management.with([managementOf(switchFolder(place, network)), `the switch of network ${network}`, wait], work);
}

export async function portsOf(session: Management): Promise<SwitchPort[]> {
  return parsePorts(await session.command('port/allprint'));
}

/** Whether all parts of a cable are there. The node may not be plugged into it yet. */
export async function isWhole(place: Place, cable: Cable, ports: readonly SwitchPort[]): Promise<boolean> {
  const { lines } = await findLabProcesses(place);
  const plugged = (number: number) => ports.find((one) => one.number === number)?.active === true;
  return partsOf(cable, lines).length === 3 && plugged(taggedPort(cable)) && plugged(farPort(cable));
}

function partsOf({ network, port }: Cable, lines: ReadonlyMap<string, OwnProcess>): OwnProcess[] {
  return ['', '.out', '.in'].flatMap((end) => lines.get(`line-${network}-${port}${end}`) ?? []);
}

/** Lays a cable that passes every frame. The node is not plugged into it yet. */
export async function layCable(place: Place, cable: Cable, session: Management): Promise<void> {
  const { folder, network, port } = cable;
  const [switchProgram, wirefilter] = await Promise.all(['vde_switch', 'wirefilter'].map(which));
  if (!switchProgram || !wirefilter) {
    throw new MissingPartError('wirefilter is not installed; lab break needs it to make a line bad', {
      tryThis: installCommand(['vde-wirefilter']),
    });
  }
  const [near, far] = [taggedPort(cable), farPort(cable)];
  const vlan = [`vlan/create ${port}`, `port/create ${near}`, `port/create ${far}`];
  await session.commands([...vlan, `port/setvlan ${near} ${noVlan}`, `vlan/addport ${port} ${near}`]);
  await startSwitchIn(folder, `line of port ${port} of network ${network}`, 4, switchProgram);
  await Management.with([managementOf(folder), `the line of port ${port}`, { deadlineMs }], (small) =>
    small.commands([
      ...[`vlan/create ${port}`, 'port/create 1', 'port/create 2'],
      ...[`port/setvlan 1 ${noVlan}`, `vlan/addport ${port} 1`, `port/setvlan 2 ${port}`],
    ]),
  );
  const main = switchFolder(place, network);
  await filter('fromNode', `${main}[${near}]:${folder}[1]`);
  await filter('toNode', `${folder}[2]:${main}[${far}]`);

  async function filter(way: Way, plugs: string): Promise<void> {
    const socket = socketOf(cable, way);
    await removeTree(socket);
    await run(wirefilter ?? '', ['-v', plugs, '-M', socket, '--mgmtmode', '0600', '--daemon'], { timeoutMs: 30_000 });
    await waitFor(async () => (await exists(socket)) || undefined, {
      what: 'wirefilter',
      deadlineMs: 30_000,
      everyMs: 5,
    });
  }
}

/** Plugs the node into its cable. It is still plugged into its port, but the port is in another VLAN. */
export async function plugIn({ port }: Cable, session: Management): Promise<void> {
  await session.command(`port/setvlan ${port} ${port}`);
}

/** Gives both wirefilters their values. */
export async function adjust(cable: Cable, line: LineSettings): Promise<void> {
  for (const way of ['fromNode', 'toNode'] as const) {
    const commands = wirefilterCommands(line, way, { tagged: way === 'fromNode' });
    await manageFilter(cable, way, (session) => session.commands(commands));
  }
}

/** Reads the values of both wirefilters. */
export async function valuesOf(cable: Cable): Promise<LineSettings> {
  const ask = (way: Way) => manageFilter(cable, way, (session) => session.command('showinfo'));
  const [fromNode, toNode] = await Promise.all([ask('fromNode'), ask('toNode')]);
  return parseShown({ fromNode, toNode });
}

function manageFilter<T>(cable: Cable, way: Way, work: (session: Management) => Promise<T>): Promise<T> {
  return Management.with([socketOf(cable, way), `wirefilter of port ${cable.port}`, { deadlineMs }], work);
}

/** Plugs the node into its switch again and removes the cable, or the part of it that is there. */
export async function removeCable(place: Place, cable: Cable, session: Management): Promise<void> {
  const { port, folder, network } = cable;
  const [near, far] = [taggedPort(cable), farPort(cable)];
  const there = (await portsOf(session)).map(({ number }) => number);
  // The switch forgets what it has learned at B, so that nothing more goes there.
  if (there.includes(far)) await session.command(`port/setvlan ${far} ${noVlan}`);
  if (there.includes(port)) await session.command(`port/setvlan ${port} 0`);
  await endProcesses(partsOf(cable, (await findLabProcesses(place)).lines));
  await waitFor(async () => (await free(session, [near, far])) || undefined, {
    what: `end of the line of port ${port} of network ${network}`,
    deadlineMs,
    everyMs: 5,
  });
  if (there.includes(near)) await session.command(`port/remove ${near}`);
  if (there.includes(far)) await session.command(`port/remove ${far}`);
  if (parseVlans(await session.command('vlan/allprint')).includes(port)) await session.command(`vlan/remove ${port}`);
  const sockets = [managementOf(folder), socketOf(cable, 'fromNode'), socketOf(cable, 'toNode')];
  await Promise.all([folder, ...sockets].map(removeTree));
}

async function free(session: Management, numbers: readonly number[]): Promise<boolean> {
  return !(await portsOf(session)).some(({ number, active }) => active && numbers.includes(number));
}
