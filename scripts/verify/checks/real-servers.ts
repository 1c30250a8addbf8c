import { serversBy } from '../../plan/plan.ts';
import { eachRealServer, type Judge, listed } from '../check.ts';
import type { Observations, RealServerSeen } from '../observations.ts';
import { holderOf } from './director.ts';

/** What the kernel goes by: the larger of "all" and the interface (IN_DEV_MAXCONF, include/linux/inetdevice.h). */
function effective({ sysctls }: RealServerSeen, interfaceName: string, key: string): number | undefined {
  const one = sysctls.get(`${interfaceName}.${key}`);
  const all = sysctls.get(`all.${key}`);
  return one === undefined || all === undefined ? undefined : Math.max(one, all);
}

function seenOn({ realServers }: Observations, node: string): RealServerSeen {
  const seen = realServers.get(node);
  if (!seen) throw new Error(`${node} was not looked at`);
  return seen;
}

/** DR and TUN: the VIP is on lo or tunl0, so that the kernel takes packets for it. */
export const realServersHoldVip: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'dr', 'tun');
  const { vip } = plan.service;
  const placeOn = (node: string) => (servers.find((one) => one.node === node)?.mode === 'tun' ? 'tunl0' : 'lo');
  const places = [...new Set(servers.map(({ node }) => placeOn(node)))].join(' or ');
  return eachRealServer(
    servers,
    {
      id: 'vip',
      title: `every real server has the VIP on ${places}`,
      expected: `${vip} on ${places}, up`,
      hint: (nodes) =>
        ['lo', 'tunl0']
          .flatMap((place) => {
            const there = nodes.filter((node) => placeOn(node) === place);
            const up = place === 'tunl0' ? '; ip link set tunl0 up' : '';
            if (there.length === 0) return [];
            return `${there.join(', ')} drops what the director sends: ip address add ${vip}/32 dev ${place}${up}`;
          })
          .concat(`or lab up ${plan.lab}`)
          .join('; '),
    },
    (node) => {
      const { addresses } = seenOn(seen, node);
      const holder = holderOf(addresses, vip);
      const ok = holder?.name === placeOn(node) && holder.up;
      return { ok, observed: holder ? `on ${holder.name}${holder.up ? '' : ', which is down'}` : 'the VIP is missing' };
    },
  );
};

/** DR and TUN: nobody but the director answers ARP for the VIP, or tells its neighbours of it. */
export const realServersKeepQuiet: Judge = (plan, seen) => {
  return eachRealServer(
    serversBy(plan, 'dr', 'tun'),
    {
      id: 'arp-quiet',
      title: 'real servers keep quiet about the VIP',
      expected: 'arp_ignore ≥ 1, arp_announce = 2',
      hint: (nodes) =>
        `${nodes.join(', ')} answers ARP for the VIP and takes the requests past IPVS: sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 before the VIP is added; or lab up ${plan.lab}`,
    },
    (node) => {
      const ignore = effective(seenOn(seen, node), 'nic', 'arp_ignore') ?? 0;
      const announce = effective(seenOn(seen, node), 'nic', 'arp_announce') ?? 0;
      return { ok: ignore >= 1 && announce === 2, observed: `arp_ignore ${ignore}, arp_announce ${announce}` };
    },
  );
};

/** TUN: the reverse path filter lets unwrapped packets through. */
export const reversePathFilterIsLoose: Judge = (plan, seen) => {
  return eachRealServer(
    serversBy(plan, 'tun'),
    {
      id: 'rp-filter',
      title: 'the reverse path filter lets tunnelled requests in',
      expected: 'rp_filter 0 or 2 on tunl0',
      hint: (nodes) =>
        `${nodes.join(', ')} drops every request that comes out of tunl0, because its source is routed by the NIC: sysctl -w net.ipv4.conf.tunl0.rp_filter=0 (the larger of "all" and tunl0 counts); or lab up ${plan.lab}`,
    },
    (node) => {
      const value = effective(seenOn(seen, node), 'tunl0', 'rp_filter');
      return { ok: value === 0 || value === 2, observed: value === undefined ? 'no tunl0' : `rp_filter ${value}` };
    },
  );
};

/** TUN: what the director sent arrived wrapped, as IPIP, on the servers that answered. */
export const requestsComeThroughTunnel: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'tun');
  if (servers.length === 0) return undefined;
  const counts = servers.map(({ node }) => {
    const { tunnelBefore, tunnelAfter } = seenOn(seen, node);
    return { node, packets: (tunnelAfter ?? 0) - (tunnelBefore ?? tunnelAfter ?? 0) };
  });
  const asked = new Set(seen.client.answers.map(({ localPort }) => localPort));
  const given = new Set(seen.director.connections.flatMap((one) => (asked.has(one.clientPort) ? one.realServer : [])));
  const addressOf = new Map(servers.map(({ node, address }) => [node, address]));
  const silent = counts.filter(({ node, packets }) => packets <= 0 && given.has(addressOf.get(node) ?? ''));
  // With other methods beside it, the scheduler may have had nothing for those by tunnel.
  const alone = servers.length === plan.realServers.length;
  const ok = silent.length === 0 && (!alone || counts.some(({ packets }) => packets > 0));
  return {
    id: 'tunnel',
    title: 'requests reach the real servers as IPIP',
    ok,
    expected: 'packets out of tunl0 wherever IPVS sent a request',
    observed: counts.map(({ node, packets }) => `${node} ${packets}`).join(', '),
    ...(!ok && {
      hint: `no packet came out of tunl0 on ${listed((silent.length > 0 ? silent : counts).map(({ node }) => node))}: tunl0 is down, the module ipip is not loaded, the reverse path filter drops them (rp-filter), or the forwarding method is not tun`,
    }),
  };
};

/** NAT: answers go back through the director. */
export const realServersUseDirector: Judge = (plan, seen) => {
  const inside = plan.nodes
    .find(({ role }) => role === 'director')
    ?.nics.find(({ network }) => network === 'back')?.address;
  return eachRealServer(
    serversBy(plan, 'nat'),
    {
      id: 'gateway',
      title: 'the director is the gateway of every real server',
      expected: `default via ${inside}`,
      hint: (nodes) =>
        `answers of ${nodes.join(', ')} never reach the director, which alone can turn their source into the VIP: ip route replace default via ${inside}; or lab up ${plan.lab}`,
    },
    (node) => {
      const { gateway } = seenOn(seen, node);
      return { ok: gateway === inside, observed: gateway ? `default via ${gateway}` : 'no default route' };
    },
  );
};
