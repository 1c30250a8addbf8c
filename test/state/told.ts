import { parseState } from '../../scripts/state/parse.ts';
import { tell } from '../../scripts/state/tell.ts';
import { planOf } from '../render/golden.ts';

const plan = await planOf('dr');

/** A real server of lab dr: its NIC, as ip prints it. */
export const nic = {
  ifname: 'eth0',
  flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
  mtu: 1500,
  qdisc: 'fq_codel',
  link_type: 'ether',
  address: '52:54:00:01:04:01',
  parentbus: 'virtio',
  parentdev: 'virtio3',
  addr_info: [{ family: 'inet', local: '192.168.1.4', prefixlen: 24, scope: 'global', label: 'eth0' }],
};

/** What the script of rs1 printed: its parts by name. */
export type Printed = Record<string, string>;

export function textOf(parts: Printed): string {
  const all = { links: JSON.stringify([nic]), ...parts };
  return `${Object.entries(all)
    .map(([name, text]) => `@@state ${name}\n${text}\n`)
    .join('')}@@state end\n`;
}

/** What is told of rs1, as it was and as it is: each difference as `- section key value`, `+ …`, and `> undo`. */
export function toldOf(before: Printed, after: Printed): string[] {
  const node = plan.nodes.find(({ name }) => name === 'rs1');
  if (!node) throw new Error('no rs1');
  const was = parseState(textOf(before), plan, node);
  const is = parseState(textOf(after), plan, node, was);
  return tell('rs1', was, is).flatMap((one) => [
    ...(one.before === undefined ? [] : [`- ${one.section} ${one.key} ${one.before}`.trim()]),
    ...(one.after === undefined ? [] : [`+ ${one.section} ${one.key} ${one.after}`.trim()]),
    `> ${one.undo}`,
  ]);
}
