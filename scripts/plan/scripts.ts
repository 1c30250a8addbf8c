import { Address4 } from 'ip-address';
import { methodFlags } from '../ipvs/methods.ts';
import { ipvsRules, savedRules, thresholdLines } from '../ipvs/rules.ts';
import type { Lab, Mode, RealServer } from '../model/lab.ts';
import { nicOn, type PlannedNode, type PlannedScript } from './plan.ts';

/** A script before it has its number. */
type Step = Omit<PlannedScript, 'node' | 'file'>;

/** The first step of every node: its name, and programs with the Debian package that has each. */
function prepare({ name, role }: PlannedNode, programs: Record<string, string>): Step {
  const tools = Object.entries(programs).map(([program, from]) => ({ program, package: from }));
  const words = { client: 'Client', director: 'Director', 'real-server': 'Real server' };
  return { template: 'node/prepare', context: { name, role: words[role], tools } };
}

export function clientScripts(client: PlannedNode): Step[] {
  return [
    prepare(client, { curl: 'curl', tcpdump: 'tcpdump', arping: 'iputils-arping' }),
    { template: 'client/network', context: networkContext(client) },
  ];
}

export function directorScripts(lab: Lab, director: PlannedNode): Step[] {
  const { service } = lab;
  const modes = [...new Set(lab.realServers.map(({ mode }) => mode))];
  const nat = modes.includes('nat');
  const front = nicOn(director, 'front');
  const programs = { ipvsadm: 'ipvsadm', curl: 'curl', ...(nat && { nft: 'nftables' }) };
  const steps: Step[] = [
    prepare(director, programs),
    { template: 'director/network', context: networkContext(director) },
  ];
  if (nat) {
    steps.push({ template: 'director/forwarding', context: { nics: director.nics } });
    const inside = lab.networks.back ?? '';
    steps.push({
      template: 'director/masquerade',
      context: { inside, frontMac: front.mac },
    });
  }
  if (service.vip !== front.address) {
    steps.push({ template: 'director/vip', context: { vip: service.vip, mac: front.mac } });
  }
  steps.push({
    template: 'director/ipvs',
    context: {
      methods: modes.map((mode) => `${methodFlags[mode]} is ${methodWords[mode]}`).join(', '),
      saved: savedRules(service, lab.realServers),
      rules: ipvsRules(service, lab.realServers),
      thresholds: thresholdLines(service, lab.realServers),
    },
  });
  const { timeouts, sysctls } = lab.ipvs;
  steps.push({ template: 'director/settings', context: { timeouts: timeouts ?? defaultTimeouts, sysctls } });
  return steps;
}

export function realServerScripts(lab: Lab, server: RealServer, node: PlannedNode): Step[] {
  const { vip } = lab.service;
  const gateway = server.mode === 'nat' ? lab.director.back : undefined;
  const perMode: Record<Mode, Step[]> = {
    nat: [],
    dr: [
      { template: 'real-server/arp', context: {} },
      { template: 'real-server/vip-lo', context: { vip } },
    ],
    tun: [
      { template: 'real-server/tunnel', context: { mac: node.nics[0]?.mac } },
      { template: 'real-server/vip-tunl0', context: { vip } },
    ],
  };
  return [
    prepare(node, { apache2: 'apache2' }),
    { template: 'real-server/network', context: { ...networkContext(node), gateway: gateway ?? null } },
    ...perMode[server.mode],
    {
      template: 'real-server/apache',
      // Debian's Apache listens on port 80 in any case.
      context: { node: node.name, port: server.port, extraPort: server.port !== 80 },
    },
  ];
}

/** The kernel's own, ipvsadm -l --timeout. */
const defaultTimeouts = { tcp: 900, tcpfin: 120, udp: 300 };

const methodWords: Record<Mode, string> = {
  nat: 'address translation (masquerading)',
  dr: 'direct routing (gatewaying)',
  tun: 'IP tunnels',
};

function networkContext({ nics }: PlannedNode) {
  return {
    nics: nics.map(({ network, mac, address, prefix }) => {
      const cidr = `${address}/${prefix}`;
      return { network, mac, address, cidr, netmask: new Address4(cidr).subnetMaskAddress().address };
    }),
  };
}
