import { ConnectionError, ProviderError } from '../../errors.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses, type OwnProcess } from '../../host/processes.ts';
import type { LineChange } from '../../model/line.ts';
import type { NetworkName } from '../../model/words.ts';
import type { Lines } from '../provider.ts';
import { findLabProcesses, type LabProcesses } from './lab-processes.ts';
import {
  adjust,
  cableOf,
  isWhole,
  layCable,
  manageSwitch,
  nodePort,
  plugIn,
  portsOf,
  removeCable,
  valuesOf,
} from './line-cable.ts';
import { isAllRight, requireSensible } from './line-settings.ts';
import type { Management } from './management.ts';
import { parseVlans } from './switch-ports.ts';

export const qemuLines: Lines = {
  parts: [{ part: 'wirefilter', package: 'vde-wirefilter', what: 'makes lines bad' }],

  async set(place, { node, network, line }) {
    requireSensible(line);
    const running = await findLabProcesses(place);
    await manageSwitch(place, network, requireSwitch(place, network, running), async (session) => {
      const ports = await portsOf(session);
      const pid = running.machines.get(node)?.pid;
      const port = pid === undefined ? undefined : ports.find((one) => one.active && one.pid === pid);
      if (!port) {
        throw new ProviderError(`there is no line between ${node} and network ${network}`, {
          node,
          cause: pid === undefined ? 'the machine does not run' : 'the machine has no NIC on that network',
          tryThis: `lab status`,
        });
      }
      const cable = cableOf(place, network, port.number);
      if (isAllRight(line)) return removeCable(place, cable, session);
      if (!(await isWhole(place, cable, ports))) {
        await removeCable(place, cable, session);
        await layCable(place, cable, session);
      }
      await adjust(cable, line);
      if (port.vlan !== port.number) await plugIn(cable, session);
    });
  },

  async changed(place) {
    const running = await findLabProcesses(place);
    const nodes = new Map([...running.machines].map(([node, { pid }]) => [pid, node]));
    const each = [...running.switches].map(([network, found]) =>
      manageSwitch(place, network, found, async (session) => {
        const ports = await portsOf(session);
        const lines: LineChange[] = [];
        for (const { number, vlan, pid = 0 } of ports) {
          const node = nodes.get(pid);
          if (node === undefined || vlan !== number) continue;
          const cable = cableOf(place, network, number);
          const line = (await isWhole(place, cable, ports)) ? await valuesOf(cable) : { loss: 100 };
          lines.push({ node, network: network as NetworkName, line });
        }
        return lines;
      }),
    );
    return (await Promise.all(each)).flat();
  },
};

function requireSwitch(place: Place, network: string, { switches, machines }: LabProcesses): OwnProcess {
  const found = switches.get(network);
  if (found) return found;
  throw new ProviderError(`network ${network} of lab ${place.lab} has no switch, so its lines cannot be changed`, {
    cause: machines.size > 0 ? 'its machines are connected by multicast, or have no such network' : 'it does not run',
    tryThis: 'lab status; lab doctor says how networks are made here',
  });
}

/**
 * Makes lines good again: all lines of a lab, or those of one machine and of ports without a machine. A new machine may get the port
 * of an earlier machine whose line was bad. A switch that does not answer is ended.
 * @returns the lab's processes afterwards
 */
export async function mendLines(place: Place, node?: string): Promise<LabProcesses> {
  const running = await findLabProcesses(place);
  const pid = node === undefined ? undefined : running.machines.get(node)?.pid;
  let changed = false;
  for (const [network, found] of running.switches) {
    try {
      await manageSwitch(place, network, found, async (session) => {
        const ports = await changedPorts(session);
        const wanted = ports.filter((port) => node === undefined || port.pid === undefined || port.pid === pid);
        for (const { number } of wanted) await removeCable(place, cableOf(place, network, number), session);
        changed ||= wanted.length > 0;
      });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      await endProcesses([found]);
      changed = true;
    }
  }
  return changed ? findLabProcesses(place) : running;
}

/** Ports of nodes that have a cable, or a part of one. */
async function changedPorts(session: Management): Promise<{ number: number; pid?: number }[]> {
  const ports = await portsOf(session);
  const vlans = parseVlans(await session.command('vlan/allprint'));
  const other = ports.filter(({ number, vlan }) => vlan !== 0 || nodePort(number) !== number);
  const numbers = new Set([...vlans, ...other.map(({ number }) => nodePort(number))]);
  numbers.delete(0); // the VLAN of everybody
  return [...numbers].map((number) => ports.find((one) => one.number === number) ?? { number });
}
