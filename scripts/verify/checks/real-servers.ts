import { tunnelWords } from '../../ipvs/methods.ts';
import { hostCidr } from '../../model/addresses.ts';
import { type Plan, type PlannedRealServer, serversBy, vipsOf } from '../../plan/plan.ts';
import { tunnelDevice } from '../../plan/tunnel-device.ts';
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

/** Where a real server has the VIPs, so that its kernel takes packets for them. */
function placeOf(server: PlannedRealServer): string {
  return server.mode === 'tun' ? tunnelDevice(server).device : 'lo';
}

function placeOfNode(servers: readonly PlannedRealServer[], node: string): string {
  const server = servers.find((one) => one.node === node);
  if (!server) throw new Error(`${node} is none of these real servers`);
  return placeOf(server);
}

/** VIPs of the services that a real server belongs to. */
function vipsOn({ services }: Plan, node: string): string[] {
  return vipsOf({
    services: services.filter(({ destinations }) => destinations.some(({ server }) => server === node)),
  });
}

/** DR and TUN: the VIP is on lo or the tunnel's device, so that the kernel takes packets for it. */
export const realServersHoldVip: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'dr', 'tun');
  const placeOn = (node: string) => placeOfNode(servers, node);
  const places = [...new Set(servers.map(placeOf))];
  const vips = vipsOf(plan);
  return eachRealServer(
    servers,
    {
      id: 'vip',
      title: `every real server has ${vips.length > 1 ? 'its VIPs' : 'the VIP'} on ${places.join(' or ')}`,
      expected: `${vips.length > 1 ? 'those of its services' : vips[0]} on ${places.join(' or ')}, up`,
      hint: (nodes) => {
        const cures = nodes.map((node) => {
          const place = placeOn(node);
          const add = vipsOn(plan, node).map((vip) => `ip address replace ${hostCidr(vip)} dev ${place}`);
          return [...add, ...(place === 'lo' ? [] : [`ip link set ${place} up`])].join('; ');
        });
        const dropped = [...new Set(cures)].map((cure) => {
          return `${nodes.filter((_, at) => cures[at] === cure).join(', ')} drops what the director sends: ${cure}`;
        });
        return [...dropped, `or lab up ${plan.lab}`].join('; ');
      },
    },
    (node) => {
      const { addresses } = seenOn(seen, node);
      const wrong = vipsOn(plan, node).flatMap((vip) => {
        const holder = addresses.find(({ name }) => name === placeOn(node));
        const own = holder?.addresses.find((one) => one.split('/')[0] === vip);
        if (own === hostCidr(vip) && holder?.up) return [];
        const elsewhere = holderOf(addresses, vip);
        const what = own
          ? `on ${holder?.name}${holder?.up ? ` with /${own.split('/')[1]}, a whole network` : ', which is down'}`
          : elsewhere
            ? `on ${elsewhere.name}`
            : 'missing';
        return `the VIP${vips.length > 1 ? ` ${vip}` : ''} is ${what}`;
      });
      return { ok: wrong.length === 0, observed: wrong.join(', ') };
    },
  );
};

/**
 * DR and TUN: nobody but the director answers ARP, or neighbour solicitations, for the VIP. These are answered for
 * addresses of the interface that was asked (ndisc_recv_ns in net/ipv6/ndisc.c); ARP too, with arp_ignore.
 */
export const realServersKeepQuiet: Judge = (plan, seen) => {
  const ipv6 = plan.family === 6;
  const sysctls = 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 before the VIP is added';
  return eachRealServer(
    serversBy(plan, 'dr', 'tun'),
    {
      id: 'arp-quiet',
      title: 'real servers keep quiet about the VIP',
      expected: `${ipv6 ? '' : 'arp_ignore ≥ 1, arp_announce = 2, '}the VIP on no NIC`,
      hint: (nodes) => {
        const exposed = nodes.filter((node) => vipsOnNics(plan, seen, node).length > 0);
        const cure = exposed.length > 0 ? `ip address del the VIP from the NIC of ${exposed.join(', ')}` : sysctls;
        return `${nodes.join(', ')} answers ${ipv6 ? 'neighbour solicitations' : 'ARP'} for the VIP and takes the requests past IPVS: ${cure}; or lab up ${plan.lab}`;
      },
    },
    (node) => {
      const ignore = effective(seenOn(seen, node), 'nic', 'arp_ignore') ?? 0;
      const announce = effective(seenOn(seen, node), 'nic', 'arp_announce') ?? 0;
      const exposed = vipsOnNics(plan, seen, node);
      const quiet = ipv6 || (ignore >= 1 && announce === 2);
      const observed = [...(ipv6 ? [] : [`arp_ignore ${ignore}, arp_announce ${announce}`]), ...exposed];
      return { ok: quiet && exposed.length === 0, observed: observed.join(', ') };
    },
  );
};

/** VIPs that a real server has where everybody hears of them. */
function vipsOnNics(plan: Plan, seen: Observations, node: string): string[] {
  const vips = vipsOn(plan, node);
  return seenOn(seen, node).addresses.flatMap(({ name, addresses }) =>
    /^(lo|tunl0|gre0|ip6tnl0)$/.test(name)
      ? []
      : addresses.filter((one) => vips.includes(one.split('/')[0] ?? '')).map((one) => `${one} on ${name}`),
  );
}

/** TUN: the reverse path filter lets unwrapped packets through. IPv6 has none. */
export const reversePathFilterIsLoose: Judge = (plan, seen) => {
  if (plan.family === 6) return [];
  const servers = serversBy(plan, 'tun');
  const devices = [...new Set(servers.map(placeOf))].join(' or ');
  const deviceOf = (node: string) => placeOfNode(servers, node);
  return eachRealServer(
    servers,
    {
      id: 'rp-filter',
      title: 'the reverse path filter lets tunnelled requests in',
      expected: `rp_filter 0 or 2 on ${devices}`,
      hint: (nodes) =>
        `${nodes.join(', ')} drops every request that comes out of ${deviceOf(nodes[0] ?? '')}, because its source is routed by the NIC: sysctl -w net.ipv4.conf.${deviceOf(nodes[0] ?? '')}.rp_filter=0 (the larger of "all" and ${deviceOf(nodes[0] ?? '')} counts); or lab up ${plan.lab}`,
    },
    (node) => {
      const device = deviceOf(node);
      const value = effective(seenOn(seen, node), device, 'rp_filter');
      return { ok: value === 0 || value === 2, observed: value === undefined ? `no ${device}` : `rp_filter ${value}` };
    },
  );
};

/** TUN by GUE: UDP is unwrapped. */
export const guePortIsOpen: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'tun').filter(({ tunnel }) => tunnel === 'gue');
  const portOf = (node: string) => servers.find((one) => one.node === node)?.tunnelPort;
  return eachRealServer(
    servers,
    {
      id: 'gue',
      title: 'real servers take GUE out of UDP',
      expected: `fou on port ${[...new Set(servers.map(({ tunnelPort }) => tunnelPort))].join(' or ')}`,
      hint: (nodes) =>
        `requests reach ${nodes.join(', ')} as UDP that nobody takes: ip fou add port ${portOf(nodes[0] ?? '')} gue; or lab up ${plan.lab}`,
    },
    (node) => {
      const { fou } = seenOn(seen, node);
      const ok = fou.some((line) => line.startsWith(`port ${portOf(node)} gue`));
      return { ok, observed: fou.join(', ') || 'ip fou show: nothing' };
    },
  );
};

/** TUN: what the director sent arrived wrapped on the servers that answered. */
export const requestsComeThroughTunnel: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'tun');
  if (servers.length === 0) return [];
  const counts = servers.map(({ node }) => {
    const { tunnelBefore, tunnelAfter } = seenOn(seen, node);
    return { node, packets: (tunnelAfter ?? 0) - (tunnelBefore ?? tunnelAfter ?? 0) };
  });
  const answers = seen.client.services.flatMap((service) => service.answers);
  const asked = new Set(answers.map(({ localPort }) => localPort));
  const given = new Set(seen.director.connections.flatMap((one) => (asked.has(one.clientPort) ? one.realServer : [])));
  const addressOf = new Map(servers.map(({ node, address }) => [node, address]));
  const silent = counts.filter(({ node, packets }) => packets <= 0 && given.has(addressOf.get(node) ?? ''));
  // With other methods beside it, the scheduler may have had nothing for those by tunnel.
  const alone = servers.length === plan.realServers.length;
  const ok = silent.length === 0 && (!alone || counts.some(({ packets }) => packets > 0));
  const devices = [...new Set(servers.map(placeOf))].join(' or ');
  const modules = [...new Set(servers.map((server) => tunnelDevice(server).module))].join(' or ');
  return [
    {
      id: 'tunnel',
      title: `requests reach the real servers as ${[...new Set(servers.map(({ tunnel }) => tunnelWords[tunnel]))].join(' or ')}`,
      ok,
      expected: `packets out of ${devices} wherever IPVS sent a request`,
      observed: counts.map(({ node, packets }) => `${node} ${packets}`).join(', '),
      ...(!ok && {
        hint: `no packet came out of ${devices} on ${listed((silent.length > 0 ? silent : counts).map(({ node }) => node))}: ${devices} is down, the module ${modules} is not loaded, the reverse path filter drops them (rp-filter), or the forwarding method is not tun`,
      }),
    },
  ];
};

/** NAT: answers go back through the director. Behind a router: through that. */
export const realServersUseGateway: Judge = (plan, seen) => {
  const addressIn = (role: string, network: string) =>
    plan.nodes.find((node) => node.role === role)?.nics.find((nic) => nic.network === network)?.address;
  const inside = addressIn('director', 'back');
  const router = addressIn('router', 'remote');
  const remote = router ? serversBy(plan, 'tun') : [];
  const gatewayOf = (node: string) => (remote.some((one) => one.node === node) ? router : inside);
  const nat = serversBy(plan, 'nat');
  const gateways = [...(nat.length > 0 ? [inside] : []), ...(remote.length > 0 ? [router] : [])];
  const words = [...(nat.length > 0 ? ['director'] : []), ...(remote.length > 0 ? ['router'] : [])];
  const why = (node: string) =>
    gatewayOf(node) === router
      ? 'never reach the client, which is behind the router'
      : 'never reach the director, which alone can turn their source into the VIP';
  return eachRealServer(
    [...nat, ...remote],
    {
      id: 'gateway',
      title: `the ${words.join(' or the ')} is the gateway of every real server`,
      expected: `default via ${gateways.join(' or ')}`,
      hint: (nodes) =>
        nodes
          .map((node) => `answers of ${node} ${why(node)}: ip route replace default via ${gatewayOf(node)}`)
          .concat(`or lab up ${plan.lab}`)
          .join('; '),
    },
    (node) => {
      const { gateway } = seenOn(seen, node);
      return { ok: gateway === gatewayOf(node), observed: gateway ? `default via ${gateway}` : 'no default route' };
    },
  );
};
