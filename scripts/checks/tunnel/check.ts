import { tunnelWords } from '../../ipvs/methods.ts';
import { serversBy, theNode } from '../../plan/plan.ts';
import { tunnelDevice } from '../../plan/tunnel-device.ts';
import { listed } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { allAnswers, answers } from '../looks/answers.ts';
import { connections } from '../looks/connections.ts';
import { tunnelPackets } from './look.ts';

/** TUN: what the director sent arrived wrapped on the servers that answered. */
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
  // With other methods beside it, the scheduler may have had nothing for those by tunnel.
  const alone = servers.length === plan.realServers.length;
  const ok = silent.length === 0 && (!alone || counts.some(({ packets }) => packets > 0));
  const devices = [...new Set(servers.map((server) => tunnelDevice(server).device))].join(' or ');
  const modules = [...new Set(servers.map((server) => tunnelDevice(server).module))].join(' or ');
  return [
    {
      title: `requests reach the real servers as ${[...new Set(servers.map((server) => tunnelWords[server.tunnel]))].join(' or ')}`,
      ok,
      expected: `packets out of ${devices} wherever IPVS sent a request`,
      observed: counts.map(({ node, packets }) => `${node} ${packets}`).join(', '),
      ...(!ok && {
        hint: `no packet came out of ${devices} on ${listed((silent.length > 0 ? silent : counts).map(({ node }) => node))}: ${devices} is down, the module ${modules} is not loaded, the reverse path filter drops them (rp-filter), or the forwarding method is not tun`,
      }),
    },
  ];
};

export const tunnel: CheckKind = {
  id: 'tunnel',
  about: 'TUN: requests reach the real servers through the tunnel',
  faults: [],
  looks: [answers, connections, tunnelPackets],
  judge,
};
