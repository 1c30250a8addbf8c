import { methodNames } from '../../ipvs/methods.ts';
import { type Plan, serversBy, theNode } from '../../plan/plan.ts';
import type { Judge } from '../check.ts';
import type { Interface } from '../observations.ts';
import { isAnswered } from './answers.ts';

/**
 * IPVS counted each request as a connection, and its connection table gives each answered one, known by the client's
 * port, to the server that answered it.
 */
export const everyConnectionCounted: Judge = (plan, { client, director }) => {
  const counted = director.after.connections - director.before.connections;
  const addressOf = new Map(plan.realServers.map(({ node, address }) => [node, address]));
  const byPort = new Map(director.connections.map(({ clientPort, realServer }) => [clientPort, realServer]));
  const answered = client.answers.filter((answer) => isAnswered(plan, answer));
  const matching = answered.filter(({ localPort, server }) => byPort.get(localPort) === addressOf.get(server ?? ''));
  const ports = new Set(answered.map(({ localPort }) => localPort)).size;
  const ok = counted === plan.requests && matching.length === answered.length && ports === answered.length;
  return {
    id: 'counted',
    title: 'IPVS counted every one of them',
    ok,
    expected: `${plan.requests} connections`,
    observed:
      counted === plan.requests && !ok
        ? `${counted} connections, but only ${matching.length} of ${answered.length} answers match the connection table`
        : `${counted} connections`,
    ...(!ok && {
      hint: countHint(plan, counted, answered.length),
    }),
  };
};

function countHint(plan: Plan, counted: number, answered: number): string {
  if (counted >= plan.requests) return 'somebody else uses the service, or changes its table, at the same time';
  if (answered <= counted) return 'requests did not get as far as IPVS: see table, director-vip and arp-owner';
  const past = 'requests are answered past the director, so IPVS balances nothing';
  if (serversBy(plan, 'dr', 'tun').length === 0) return `${past}: another machine has the VIP; see arp-owner`;
  return `${past}: a real server answers ARP for the VIP; see arp-quiet and arp-owner`;
}

/** The table holds what was planned: service, scheduler, real servers, weights and forwarding method. */
export const tableIsAsPlanned: Judge = (plan, { director }) => {
  const { vip, port, scheduler } = plan.service;
  const service = director.table.find((one) => one.protocol === 'TCP' && one.vip === vip && one.port === port);
  const differences: string[] = [];
  if (!service) differences.push(`no service ${vip}:${port}`);
  else {
    if (service.scheduler !== scheduler) differences.push(`scheduler ${service.scheduler}`);
    for (const server of plan.realServers) {
      const found = service.destinations.find(({ address }) => address === server.address);
      if (!found) differences.push(`${server.node} is missing`);
      else if (found.weight !== server.weight)
        differences.push(`${server.node} has weight ${found.weight}, planned ${server.weight}`);
      if (found && found.method !== methodNames[server.mode]) differences.push(`${server.node} by ${found.method}`);
      const bounds = director.thresholds.get(`${server.address}:${server.port}`) ?? { upper: 0, lower: 0 };
      if (found && (bounds.upper !== server.uthreshold || bounds.lower !== server.lthreshold))
        differences.push(`${server.node} has thresholds ${bounds.upper} and ${bounds.lower}`);
      if (found && found.port !== server.port) differences.push(`${server.node} on port ${found.port}`);
    }
    const strangers = service.destinations.filter(
      ({ address }) => !plan.realServers.some((one) => one.address === address),
    );
    differences.push(...strangers.map(({ address }) => `${address} is not of this lab`));
  }
  const ok = differences.length === 0;
  const methods = [...new Set(plan.realServers.map(({ mode }) => methodNames[mode]))];
  const quiesced = service?.destinations.some(({ weight }) => weight === 0);
  return {
    id: 'table',
    title: 'the IPVS table is as planned',
    ok,
    expected: `${scheduler}, ${plan.realServers.length} real servers by ${methods.join(', ')}`,
    observed: ok ? 'so it is' : differences.join('; '),
    ...(!ok && {
      hint: `${quiesced ? 'weight 0 quiesces a real server: it gets no new connections' : 'the table was changed by hand, or the director was made anew'}; lab up ${plan.lab} makes it right, lab ssh ${plan.lab} director -- ipvsadm -Ln shows it`,
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
  if (wanted.size === 0) return undefined;
  const wrong = [...wanted].filter(([name, value]) => director.settings.get(name) !== value);
  const ok = wrong.length === 0;
  return {
    id: 'settings',
    title: 'time-outs and sysctls of IPVS are as planned',
    ok,
    expected: [...wanted].map(([name, value]) => `${name} ${value}`).join(', '),
    observed: ok
      ? 'so they are'
      : wrong.map(([name]) => `${name} ${director.settings.get(name) ?? 'is missing'}`).join(', '),
    ...(!ok && { hint: `they were changed by hand; lab up ${plan.lab} makes them right` }),
  };
};

/** What only this mode does: in NAT answers pass the director (OutPkts), in DR and TUN they never do. */
export const modeFingerprint: Judge = (plan, { client, director }) => {
  const into = director.after.inPackets - director.before.inPackets;
  const out = director.after.outPackets - director.before.outPackets;
  // In a lab of several methods answers pass the director when one came from a real server by NAT.
  const byNat = serversBy(plan, 'nat');
  const nat =
    byNat.length === plan.realServers.length ||
    client.answers.some(({ server }) => byNat.some(({ node }) => node === server));
  const ok = into > 0 && (nat ? out > 0 : out === 0);
  return {
    id: 'fingerprint',
    title: nat ? 'answers come back through the director' : 'answers go past the director',
    ok,
    expected: nat ? 'InPkts > 0, OutPkts > 0' : 'InPkts > 0, OutPkts = 0',
    observed: `InPkts ${into}, OutPkts ${out}`,
    ...(!ok && { hint: fingerprintHint(plan, into, out) }),
  };
};

function fingerprintHint(plan: Plan, into: number, out: number): string {
  if (into === 0) return 'nothing passed IPVS at all: see table, director-vip and arp-owner';
  if (serversBy(plan, 'nat').length === 0 && out > 0)
    return 'real servers are masqueraded: the forwarding method is not the planned one';
  return 'answers are lost behind the director, or miss it: see gateway and forwarding';
}

export const directorHoldsVip: Judge = (plan, { director }) => {
  const { vip } = plan.service;
  const holder = holderOf(director.addresses, vip);
  const ok = holder?.up ?? false;
  return {
    id: 'director-vip',
    title: 'the director has the VIP',
    ok,
    expected: `${vip} on its front NIC`,
    observed: holder ? `on ${holder.name}${holder.up ? '' : ', which is down'}` : 'no',
    ...(!ok && { hint: `requests end before they reach IPVS; lab up ${plan.lab} adds it` }),
  };
};

/** NAT only: answers are forwarded. */
export const directorForwards: Judge = (plan, { director }) => {
  if (serversBy(plan, 'nat').length === 0) return undefined;
  return {
    id: 'forwarding',
    title: 'the director forwards',
    ok: director.forward,
    expected: 'net.ipv4.ip_forward = 1',
    observed: `net.ipv4.ip_forward = ${director.forward ? 1 : 0}`,
    ...(!director.forward && {
      hint: `with ip_forward=0 requests go in and every answer is dropped; lab ssh ${plan.lab} ${theNode(plan, 'director').name} -- sysctl -w net.ipv4.ip_forward=1`,
    }),
  };
};

/** Every real server answers the director by its own address, past IPVS. */
export const realServersReachable: Judge = (plan, { director }) => {
  const bad = plan.realServers.filter(({ node }, index) => director.reach[index]?.server !== node);
  const ok = bad.length === 0;
  return {
    id: 'reachable',
    title: 'every real server answers by itself',
    ok,
    expected: `${plan.realServers.length} pages, asked for at their own addresses`,
    observed: ok
      ? `${plan.realServers.length} pages`
      : bad.map(({ node }) => `${node}: ${reason(plan, director.reach, node)}`).join('; '),
    ...(!ok && {
      hint: `Apache is down on ${bad.map(({ node }) => node).join(', ')}, or the machine is off the network; lab ssh ${plan.lab} ${bad[0]?.node} -- systemctl status apache2`,
    }),
  };
};

function reason(
  plan: Plan,
  reach: readonly { error: string | undefined; server: string | undefined }[],
  node: string,
): string {
  const at = plan.realServers.findIndex((server) => server.node === node);
  const answer = reach[at];
  return answer?.error ?? (answer?.server ? `${answer.server} answers there` : 'no page');
}

/** The interface that has an address. */
export function holderOf(interfaces: readonly Interface[], address: string): Interface | undefined {
  return interfaces.find(({ addresses }) => addresses.some((one) => one.split('/')[0] === address));
}
