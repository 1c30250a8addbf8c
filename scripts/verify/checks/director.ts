import { backendOf } from '../../backends/index.ts';
import { methodNames } from '../../ipvs/methods.ts';
import { serviceName, tableOf } from '../../ipvs/rules.ts';
import type { TableService } from '../../ipvs/table.ts';
import type { Service } from '../../model/lab.ts';
import {
  allRequests,
  type Plan,
  type PlannedRealServer,
  serversBy,
  theNode,
  vipsOf,
  weightsFollowLoad,
} from '../../plan/plan.ts';
import { isAnswered } from '../answered.ts';
import { backendsOf } from '../asking.ts';
import type { Judge, ServiceJudge } from '../check.ts';
import { checkerLog } from '../checker-log.ts';
import type { Interface } from '../observations.ts';

/**
 * IPVS counted each request as a connection, and its connection table gives each answered one, known by the client's
 * port, to the server that answered it. With one-packet scheduling nothing is in that table.
 */
export const everyConnectionCounted: Judge = (plan, { client, director }) => {
  const requests = allRequests(plan);
  const counted = director.after.connections - director.before.connections;
  const addressOf = new Map(plan.realServers.map(({ node, address }) => [node, address]));
  const answered = plan.services.flatMap((service, index) =>
    (client.services[index]?.answers ?? [])
      .filter((answer) => isAnswered(service, answer))
      .map((answer) => ({ ...answer, service })),
  );
  const lasting = answered.filter(({ service }) => !service.ops);
  const strays = lasting.flatMap(({ localPort, server = '', service: { vip, protocol } }) => {
    const known = director.connections
      .filter((one) => one.clientPort === localPort && one.vip === vip && one.protocol === protocol.toUpperCase())
      .map(({ realServer }) => realServer);
    if (known.includes(addressOf.get(server) ?? '')) return [];
    return `${protocol.toUpperCase()} from port ${localPort}, answered by ${server}, is ${known.length > 0 ? `with ${known.join(', ')} in it` : 'not in it'}`;
  });
  const ports = new Set(lasting.map(({ localPort }) => localPort)).size;
  const ok = counted === requests && strays.length === 0 && ports === lasting.length;
  return [
    {
      id: 'counted',
      title: 'IPVS counted every one of them',
      ok,
      expected: `${requests} connections`,
      observed:
        counted === requests && !ok
          ? `${counted} connections, but ${lasting.length - strays.length} of ${lasting.length} answers match the connection table${strays.length > 0 ? `: ${strays.slice(0, 3).join('; ')}` : ''}`
          : `${counted} connections`,
      ...(!ok && { hint: countHint(plan, counted, requests, answered.length) }),
    },
  ];
};

function countHint(plan: Plan, counted: number, requests: number, answered: number): string {
  if (counted >= requests) return 'somebody else uses the service, or changes its table, at the same time';
  if (answered <= counted) return 'requests did not get as far as IPVS: see table, director-vip and arp-owner';
  const past = 'requests are answered past the director, so IPVS balances nothing';
  if (serversBy(plan, 'dr', 'tun').length === 0) return `${past}: another machine has the VIP; see arp-owner`;
  return `${past}: a real server answers ARP for the VIP; see arp-quiet and arp-owner`;
}

/** The table holds what was planned: service, scheduler, options, real servers, weights and forwarding method. */
export const tableIsAsPlanned: ServiceJudge = (plan, service, _asked, { director }) => {
  const planned = tableOf(service);
  const found = director.rules.find(({ name }) => name === planned.name);
  const differences = found ? differencesOf(plan, planned, found, service) : [`no service ${serviceName(service)}`];
  const ok = differences.length === 0;
  const methods = [...new Set(service.destinations.map(({ mode }) => methodNames[mode]))];
  const quiesced = found?.servers.some(({ weight }) => weight === 0);
  return {
    id: 'table',
    title: 'the IPVS table is as planned',
    ok,
    expected: `${service.scheduler}, ${planned.servers.length} real servers by ${methods.join(', ')}`,
    observed: ok ? 'so it is' : differences.join('; '),
    ...(!ok && {
      hint: `${plan.health ? `a real server that fails its checks is taken out: ${checkerLog(plan)}; else ` : ''}${quiesced ? 'weight 0 quiesces a real server: it gets no new connections' : 'the table was changed by hand, or the director was made anew'}; lab up ${plan.lab} makes it right, lab ssh ${plan.lab} director -- ipvsadm -Ln shows it`,
    }),
  };
};

export function differencesOf(
  plan: Plan,
  planned: TableService,
  found: TableService,
  { destinations }: Service,
): string[] {
  const nameOf = (address: string) => destinations.find((one) => one.address === address)?.server ?? address;
  const differences: string[] = [];
  if (found.scheduler !== planned.scheduler) differences.push(`scheduler ${found.scheduler}`);
  if (found.options !== planned.options) {
    differences.push(`options ${found.options || 'none'}, planned ${planned.options || 'none'}`);
  }
  for (const server of planned.servers) {
    const name = nameOf(server.address);
    const there = found.servers.find(({ address }) => address === server.address);
    if (!there) {
      differences.push(`${name} is missing`);
      continue;
    }
    const weighed = weightsFollowLoad(plan) && server.weight > 0 && there.weight > 0;
    if (there.weight !== server.weight && !weighed)
      differences.push(`${name} has weight ${there.weight}, planned ${server.weight}`);
    if (there.forwarding !== server.forwarding) differences.push(`${name} by ${methodNames[there.forwarding]}`);
    else if (there.tunnel !== server.tunnel) differences.push(`${name} has ${there.tunnel}, planned ${server.tunnel}`);
    if (there.upper !== server.upper || there.lower !== server.lower)
      differences.push(`${name} has thresholds ${there.upper} and ${there.lower}`);
    if (there.port !== server.port) differences.push(`${name} on port ${there.port}`);
  }
  const strangers = found.servers.filter(({ address }) => !planned.servers.some((one) => one.address === address));
  return [...differences, ...strangers.map(({ address }) => `${address} is not of this lab`)];
}

/** A service by mark: the director marks what comes for its ports. */
export const marksAreSet: ServiceJudge = (plan, { vip, protocol, endpoints, fwmark }, _asked, { director }) => {
  if (fwmark === 0) return undefined;
  const ports = endpoints.map(({ port }) => port);
  // nft lists one port without braces, several sorted, and marks in hex.
  const rules = director.marks.matchAll(
    /daddr (\S+) (\w+) dport (?:\{ ([\d, ]+) \}|(\d+)) meta mark set (0x[0-9a-f]+)/g,
  );
  const marked = [...rules].flatMap(([, address, kind, list, one, mark]) =>
    address === vip && kind === protocol && Number(mark) === fwmark ? (list ?? one ?? '').split(', ').map(Number) : [],
  );
  const missing = ports.filter((port) => !marked.includes(port));
  const ok = missing.length === 0;
  return {
    id: 'marks',
    title: 'the director marks what comes for the service',
    ok,
    expected: `mark ${fwmark} on ${protocol} to ${vip}, ports ${ports.join(', ')}`,
    observed: ok ? 'so it does' : `no such mark on port ${missing.join(', ')}`,
    ...(!ok && {
      hint: `without its mark a packet is of no service, and ends at the director; lab up ${plan.lab} sets the rule, lab ssh ${plan.lab} director -- nft list ruleset shows it`,
    }),
  };
};

/** A backend that needs a module of the kernel's: it is loaded, with the service's port. */
export const helperReads: ServiceJudge = (plan, { endpoints }, _asked, { director }) => {
  const endpoint = endpoints.find(({ backend }) => backendOf(backend).helper);
  const helper = endpoint && backendOf(endpoint.backend).helper;
  if (!endpoint || !helper) return undefined;
  const { port } = endpoint;
  const ok = director.helpers.includes(`${helper.name} ${port}`);
  return {
    id: 'helper',
    title: `${helper.module} reads the control connections`,
    ok,
    expected: `${helper.name} on port ${port} in /proc/net/ip_vs_app`,
    observed: director.helpers.join(', ') || 'no helper',
    ...(!ok && {
      hint: `${helper.without}: modprobe ${helper.module} ports=${port} on the director; or lab up ${plan.lab}`,
    }),
  };
};

/** Time-outs and sysctls, where the lab file sets any. */
export const settingsAreAsPlanned: Judge = (plan, { director }) => {
  const { timeouts, sysctls } = plan.ipvs;
  const wanted = new Map([
    ...Object.entries(timeouts ?? {}),
    ...sysctls.map(({ name, value }): [string, number] => [name, value]),
  ]);
  if (wanted.size === 0) return [];
  const wrong = [...wanted].filter(([name, value]) => director.settings.get(name) !== value);
  const ok = wrong.length === 0;
  return [
    {
      id: 'settings',
      title: 'time-outs and sysctls of IPVS are as planned',
      ok,
      expected: [...wanted].map(([name, value]) => `${name} ${value}`).join(', '),
      observed: ok
        ? 'so they are'
        : wrong.map(([name]) => `${name} ${director.settings.get(name) ?? 'is missing'}`).join(', '),
      ...(!ok && { hint: `they were changed by hand; lab up ${plan.lab} makes them right` }),
    },
  ];
};

/** What only this mode does: in NAT answers pass the director (OutPkts), in DR and TUN they never do. */
export const modeFingerprint: Judge = (plan, { client, director }) => {
  const into = director.after.inPackets - director.before.inPackets;
  const out = director.after.outPackets - director.before.outPackets;
  // In a lab of several methods answers pass the director when one came from a real server by NAT. IPVS also counts those
  // that the director gives itself (LocalNode), whatever the method.
  const byNat = serversBy(plan, 'nat');
  const own = plan.realServers.filter(({ local }) => local);
  const answers = client.services.flatMap((service) => service.answers);
  const some = (servers: PlannedRealServer[]) =>
    answers.some(({ server }) => servers.some(({ node }) => node === server));
  const nat = (byNat.length > 0 && byNat.length === plan.realServers.length) || some(byNat);
  const passing = nat || some(own);
  const ok = into > 0 && (passing ? out > 0 : out === 0);
  const past = some(own) ? 'answers go past the director, but for its own' : 'answers go past the director';
  return [
    {
      id: 'fingerprint',
      title: nat ? 'answers come back through the director' : past,
      ok,
      expected: passing ? 'InPkts > 0, OutPkts > 0' : 'InPkts > 0, OutPkts = 0',
      observed: `InPkts ${into}, OutPkts ${out}`,
      ...(!ok && { hint: fingerprintHint(plan, into, out) }),
    },
  ];
};

function fingerprintHint(plan: Plan, into: number, out: number): string {
  if (into === 0) return 'nothing passed IPVS at all: see table, director-vip and arp-owner';
  if (serversBy(plan, 'nat').length === 0 && out > 0)
    return 'real servers are masqueraded: the forwarding method is not the planned one';
  return 'answers are lost behind the director, or miss it: see gateway and forwarding';
}

export const directorHoldsVip: Judge = (plan, { director, pair }) => {
  const vips = vipsOf(plan);
  const holders = vips.map((vip) => ({ vip, holder: holderOf(director.addresses, vip) }));
  const wrong = holders.filter(({ holder }) => !holder?.up);
  const ok = wrong.length === 0;
  // Of two directors the other may have it.
  const elsewhere = [...pair].find(([node, { addresses }]) => {
    return node !== theNode(plan, 'director').name && wrong.some(({ vip }) => holderOf(addresses, vip));
  })?.[0];
  const told = (ok ? holders : wrong).map(({ vip, holder }) => {
    const place = holder ? `on ${holder.name}${holder.up ? '' : ', which is down'}` : 'no';
    return vips.length > 1 ? `${vip} ${place}` : place;
  });
  return [
    {
      id: 'director-vip',
      title: `the director has the VIP${vips.length > 1 ? 's' : ''}`,
      ok,
      expected: `${vips.join(', ')} on its front NIC`,
      observed: told.join(', '),
      ...(!ok && {
        hint: elsewhere
          ? `${elsewhere} has it: the director left, or does not hear that the other is there; see vrrp`
          : `requests end before they reach IPVS; lab up ${plan.lab} adds it`,
      }),
    },
  ];
};

/** NAT only: answers are forwarded. */
export const directorForwards: Judge = (plan, { director }) => {
  if (serversBy(plan, 'nat').length === 0) return [];
  const name = plan.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
  return [
    {
      id: 'forwarding',
      title: 'the director forwards',
      ok: director.forward,
      expected: `${name} = 1`,
      observed: `${name} = ${director.forward ? 1 : 0}`,
      ...(!director.forward && {
        hint: `with ${name.split('.').at(-1)}=0 requests go in and every answer is dropped; lab ssh ${plan.lab} ${theNode(plan, 'director').name} -- sysctl -w ${name}=1`,
      }),
    },
  ];
};

/** Every real server answers the director by its own address, past IPVS. */
export const realServersReachable: ServiceJudge = (plan, service, _asked, { director }) => {
  const { destinations, endpoints } = service;
  const answers = director.reach[plan.services.indexOf(service)] ?? [];
  const bad = destinations.flatMap(({ server }, at) =>
    endpoints.flatMap(({ port }, number) => {
      const answer = answers[at * endpoints.length + number];
      if (answer?.server === server) return [];
      const why = answer?.error ?? (answer?.server ? `${answer.server} answers there` : 'no answer');
      return { server, why: endpoints.length > 1 ? `port ${port}: ${why}` : why };
    }),
  );
  const asked = destinations.length * endpoints.length;
  const ok = bad.length === 0;
  const daemons = [...new Set(backendsOf(service).map(({ daemon }) => daemon))];
  return {
    id: 'reachable',
    title: 'every real server answers by itself',
    ok,
    expected: `${asked} answers, asked for at their own addresses`,
    observed: ok ? `${asked} answers` : bad.map(({ server, why }) => `${server}: ${why}`).join('; '),
    ...(!ok && {
      hint: `${daemons.map(({ name }) => name).join(' or ')} is down on ${[...new Set(bad.map(({ server }) => server))].join(', ')}, a firewall is in the way, or the machine is off the network; lab ssh ${plan.lab} ${bad[0]?.server} -- systemctl status ${daemons.map(({ unit }) => unit).join(' ')}`,
    }),
  };
};

/** The interface that has an address. */
export function holderOf(interfaces: readonly Interface[], address: string): Interface | undefined {
  return interfaces.find(({ addresses }) => addresses.some((one) => one.split('/')[0] === address));
}
