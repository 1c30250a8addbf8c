import { tunnelWords } from '../../ipvs/methods.ts';
import { type PlannedRealServer, serversBy, theNode } from '../../plan/plan.ts';
import { tunnelDevice } from '../../plan/tunnel-device.ts';
import { named } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import type { Hint } from '../hint.ts';
import { allAnswers, answers } from '../looks/answers.ts';
import { connections } from '../looks/connections.ts';
import { tunnelPackets } from './look.ts';

const judge: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'tun');
  if (servers.length === 0) return [];
  const counts = servers.map(({ node, address }) => {
    const { before, after } = seen.of(tunnelPackets, node);
    return { node, address, packets: (after ?? 0) - (before ?? after ?? 0) };
  });
  const asked = new Set(allAnswers(plan, seen).map(({ localPort }) => localPort));
  const { since } = seen.of(connections, theNode(plan, 'director').name);
  const given = new Set(since.flatMap((one) => (asked.has(one.clientPort) ? one.realServer : [])));
  const silent = counts.filter(({ address, packets }) => packets <= 0 && given.has(address));
  // In a lab of several methods the scheduler may have chosen no real server by tunnel.
  const alone = servers.length === plan.realServers.length;
  const ok = silent.length === 0 && (!alone || counts.some(({ packets }) => packets > 0));
  const devices = [...new Set(servers.map((server) => tunnelDevice(server).device))].join(' or ');
  return [
    {
      title: `requests reach the real servers as ${[...new Set(servers.map((server) => tunnelWords[server.tunnel]))].join(' or ')}`,
      ok,
      expected: `packets out of ${devices} on each real server that got a request`,
      observed: counts.map(({ node, packets }) => `${node} ${packets}`).join(', '),
      ...(!ok && { hint: hintOf(silent.length > 0 ? silent : counts, servers) }),
    },
  ];
};

function hintOf(silent: readonly { node: string }[], servers: readonly PlannedRealServer[]): Hint {
  const names = silent.map(({ node }) => node);
  const [first] = servers.filter(({ node }) => names.includes(node));
  if (!first) throw new Error('none of these real servers has a tunnel');
  const { device } = tunnelDevice(first);
  return {
    cause: `no packet came out of ${device} on ${named(names)}`,
    commands: [{ on: first.node, run: `ip -s link show ${device}` }],
    see: ['vip', 'table', ...(first.tunnel === 'gue' ? ['gue'] : [])],
  };
}

export const tunnel: CheckKind = {
  id: 'tunnel',
  about: 'TUN: requests reach the real servers through the tunnel',
  faults: [],
  looks: [answers, connections, tunnelPackets],
  judge,
};
