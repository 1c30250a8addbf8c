import { Address4 } from 'ip-address';
import type { Served } from '../backends/backend.ts';
import { curl } from '../backends/shared/curl.ts';
import { methodFlags } from '../ipvs/methods.ts';
import { ipvsRules, portsOf, savedRules, thresholdLines } from '../ipvs/rules.ts';
import { familyOf, hostCidr } from '../model/addresses.ts';
import type { Lab, RealServer, Service } from '../model/lab.ts';
import { gatewayOf } from '../model/nodes.ts';
import type { Mode } from '../model/words.ts';
import { backendPackages, backendScripts, clientPackages, helpersOf, servedBy } from './backends.ts';
import { clockClientScripts, clockPrograms, clockServerScripts } from './clock.ts';
import { healthPrograms, healthScripts, watchedScripts } from './health.ts';
import { nicOn, type PlannedNode, type PlannedScript, vipsOf } from './plan.ts';
import { sitePackages, siteScripts } from './site-scripts.ts';
import { tunnelDevice } from './tunnel-device.ts';
import { syncScripts, vrrpScripts } from './two-directors.ts';

/**
 * The phases in the order of time. First come addresses and daemons, then of two directors the one that must have the VIP, then
 * scripts that need the daemons of other nodes. The last scripts need all of that: WordPress, and health checks.
 */
export const phases = ['set up', 'active director', 'backup director', 'mount', 'on top'] as const;

/** A script that has no number yet. */
export type Step = Omit<PlannedScript, 'node' | 'file'> & {
  /** The first by default. */
  phase?: (typeof phases)[number];
  /** What it does in every lab, as a template without values: see PlannedNode. */
  warm?: string;
  /** Debian packages that it needs. */
  packages?: string[];
};

/** The first step of every node: its name and its programs, each with the Debian package that has it. */
function prepare({ name, role }: PlannedNode, programs: Record<string, string>): Step {
  const tools = Object.entries(programs).map(([program, from]) => ({ program, package: from }));
  const words = {
    client: 'Client',
    director: 'Director',
    router: 'Router',
    'real-server': 'Real server',
    'site-server': 'Server of the site',
  };
  const packages = tools.flatMap((tool) => tool.package.split(' '));
  return { template: 'node/prepare', packages, context: { name, role: words[role], tools } };
}

/** The client programs of the lab's backends, and curl, which drills use in every lab. */
function askingPrograms(lab: Lab): Record<string, string> {
  return { ...curl.packages, ...clientPackages(lab) };
}

export function clientScripts(lab: Lab, client: PlannedNode): Step[] {
  const neighbours = isIpv6(lab) ? { ndisc6: 'ndisc6' } : { arping: 'iputils-arping' };
  return [
    prepare(client, { ...askingPrograms(lab), tcpdump: 'tcpdump', ...neighbours }),
    { template: 'client/network', context: networkContext(client) },
  ];
}

export function directorScripts(lab: Lab, director: PlannedNode): Step[] {
  const { services } = lab;
  const modes = [...new Set(lab.realServers.map(({ mode }) => mode))];
  const nat = modes.includes('nat');
  const marked = services.filter(({ fwmark }) => fwmark > 0);
  const local = lab.realServers.find((server) => server.local);
  const served: Served[] = local ? servedBy(lab, local) : [];
  const front = nicOn(director, 'front');
  const programs = {
    ipvsadm: 'ipvsadm',
    ...askingPrograms(lab),
    ...((nat || marked.length > 0) && { nft: 'nftables' }),
    ...(lab.oneArm === 'snat' && { iptables: 'iptables' }),
    ...backendPackages(served),
    ...healthPrograms(lab),
    ...clockPrograms(lab),
    ...(lab.backup && { keepalived: 'keepalived' }),
    ...sitePackages(lab, director.name),
  };
  const { router, networks } = lab;
  const remote = router && networks.remote ? { cidr: networks.remote, router: router.front } : null;
  const steps: Step[] = [
    prepare(director, programs),
    { template: 'director/network', context: { ...networkContext(director), remote } },
    ...clockServerScripts(lab),
  ];
  if (nat) {
    steps.push({ template: 'director/forwarding', context: { nics: director.nics, ipv6: isIpv6(lab) } });
    const inside = lab.networks.back;
    const { table, protocol } = isIpv6(lab) ? { table: 'ip6', protocol: 'ip6' } : { table: 'ip', protocol: 'ip' };
    if (inside)
      steps.push({ template: 'director/masquerade', context: { inside, frontMac: front.mac, table, protocol } });
    if (lab.oneArm === 'snat')
      steps.push({ template: 'director/snat', context: { vips: vipsOf(lab), own: front.address } });
  }
  const vips = vipsOf(lab).filter((vip) => vip !== front.address);
  if (vips.length > 0 && !lab.backup) {
    steps.push({
      template: 'director/vip',
      context: { vips: vips.map(withPrefix), mac: front.mac, ipv6: isIpv6(lab) },
    });
  }
  if (marked.length > 0) {
    steps.push({ template: 'director/marks', context: { rules: marked.map((one) => markRule(lab, one)) } });
  }
  if (lab.health) steps.push(...healthScripts(lab, lab.health, front.address));
  else
    steps.push({
      template: 'director/ipvs',
      warm: 'director/ipvs-warm',
      context: {
        methods: modes.map((mode) => `${methodFlags[mode]} is ${methodWords[mode]}`).join(', '),
        helpers: helpersOf(lab),
        saved: savedRules(services),
        rules: ipvsRules(services),
        thresholds: thresholdLines(services),
      },
    });
  const { timeouts, sysctls } = lab.ipvs;
  steps.push({ template: 'director/settings', context: { timeouts: timeouts ?? defaultTimeouts, sysctls } });
  if (local) steps.push(...backendScripts(lab, local, served));
  steps.push(...siteScripts(lab, director.name));
  if (lab.backup) steps.push(...syncScripts(lab, lab.backup, director), ...vrrpScripts(lab, lab.backup, director));
  return steps;
}

/** A firewall mark on packets to the ports of a service. */
function markRule(lab: Lab, service: Service) {
  const { vip, protocol, fwmark } = service;
  const ports = portsOf(service);
  return {
    vip,
    protocol,
    fwmark,
    ports: ports.join(', '),
    commas: ports.join(',').replaceAll('-', ':'),
    family: isIpv6(lab) ? 'ip6' : 'ip',
  };
}

/** Joins the front network to the remote one. */
export function routerScripts(lab: Lab, router: PlannedNode): Step[] {
  return [
    prepare(router, {}),
    { template: 'router/network', context: networkContext(router) },
    { template: 'router/forwarding', context: { nics: router.nics, ipv6: isIpv6(lab) } },
  ];
}

export function realServerScripts(lab: Lab, server: RealServer, node: PlannedNode): Step[] {
  const ipv6 = isIpv6(lab);
  const served = servedBy(lab, server);
  const vips = [...new Set(served.map(({ vip }) => vip))].map(withPrefix);
  const device = tunnelDevice(server);
  const nic = node.nics[0];
  const gateway = nic?.network === 'remote' ? lab.router?.remote : server.mode === 'nat' ? gatewayOf(lab) : undefined;
  const perMode: Record<Mode, Step[]> = {
    nat: [],
    dr: [
      ...(ipv6 ? [] : [{ template: 'real-server/arp', context: {} }]),
      { template: 'real-server/vip-lo', context: { vips, ipv6 } },
    ],
    tun: [
      { template: 'real-server/tunnel', context: { ...device, mac: nic?.mac, gue: server.tunnelPort, ipv6 } },
      { template: 'real-server/vip-tunnel', context: { vips, device: device.device, ipv6 } },
    ],
  };
  return [
    prepare(node, { ...backendPackages(served), ...clockPrograms(lab), ...sitePackages(lab, node.name) }),
    {
      template: 'real-server/network',
      context: {
        ...networkContext(node),
        gateway: gateway ?? null,
        routed: nic?.network === 'remote',
        ...(lab.oneArm === 'routes' && server.mode === 'nat' && { client: hostCidr(lab.client) }),
      },
    },
    ...perMode[server.mode],
    ...backendScripts(lab, server, served),
    ...siteScripts(lab, node.name),
    ...watchedScripts(lab, server),
    // This script is last, because it waits for the director, which is set up at the same time.
    ...clockClientScripts(lab, server),
  ];
}

/** A machine that serves only the web site. */
export function siteServerScripts(lab: Lab, node: PlannedNode): Step[] {
  return [
    prepare(node, sitePackages(lab, node.name)),
    { template: 'site/network', context: networkContext(node) },
    ...siteScripts(lab, node.name),
  ];
}

/** The kernel's default time-outs, ipvsadm -l --timeout. */
const defaultTimeouts = { tcp: 900, tcpfin: 120, udp: 300 };

const methodWords: Record<Mode, string> = {
  nat: 'address translation (masquerading)',
  dr: 'direct routing (gatewaying)',
  tun: 'IP tunnels',
};

function isIpv6({ family }: Lab): boolean {
  return family === 6;
}

function withPrefix(vip: string) {
  return { vip, cidr: hostCidr(vip) };
}

function networkContext({ nics }: PlannedNode) {
  return {
    nics: nics.map(({ network, mac, address, prefix }) => {
      const cidr = `${address}/${prefix}`;
      const ipv6 = familyOf(address) === 6;
      return { network, mac, address, cidr, ipv6, netmask: ipv6 ? '' : new Address4(cidr).subnetMaskAddress().address };
    }),
  };
}
