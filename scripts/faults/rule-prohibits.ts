import { hostCidr, overlap } from '../model/addresses.ts';
import { vipsOn } from '../plan/vip-device.ts';
import type { StateDifference } from '../state/state.ts';
import type { Fault } from './fault.ts';
import { clientAddress, forwardedServers } from './servers.ts';
import { sh } from './sh.ts';
import { added, type NodeChange } from './sign.ts';
import { fails } from './symptom.ts';

/** `priority 77 from all to 192.168.1.100 prohibit`, before the main table and without any other condition. */
function isForAnswers({ plan, node }: NodeChange, { key }: StateDifference): boolean {
  const [, priority = '', from = '', to = clientAddress(plan)] =
    /^(?:-6 )?priority (\d+) from (\S+)(?: to (\S+))? (?:prohibit|blackhole|unreachable)$/.exec(key) ?? [];
  const { mode, address = '' } = plan.realServers.find((one) => one.node === node) ?? {};
  const sources = mode === 'nat' ? [address] : vipsOn(plan, node);
  if (priority === '' || Number(priority) >= 32766) return false;
  return overlap(clientAddress(plan), to) && (from === 'all' || sources.some((source) => overlap(source, from)));
}

export const ruleProhibits: Fault = {
  id: 'rule-prohibits',
  family: 'route',
  title: 'a routing rule of a real server prohibits packets to the client',
  cause: 'The kernel looks at rules before routes. `ip route` shows nothing wrong, `ip rule` does.',
  sign: (change) =>
    added('rule', /(prohibit|blackhole|unreachable)$/)(change).filter((one) => isForAnswers(change, one)),
  places: (plan) => {
    const client = hostCidr(clientAddress(plan));
    const del = sh`ip -${plan.family} rule del to ${client} priority 77 2> /dev/null || :`;
    return forwardedServers(plan).map(({ node }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: `{ ${del}; } && ${sh`ip -${plan.family} rule add to ${client} priority 77 prohibit`}` }],
      mend: [{ on: node, run: `{ ${del}; }` }],
      witness: { on: node, run: sh`! ip route get ${clientAddress(plan)} > /dev/null 2>&1` },
      symptom: fails(plan, [node]),
    }));
  },
};
