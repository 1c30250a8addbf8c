import { Address4 } from 'ip-address';
import { ipvsRules, methodFlags } from '../ipvs/rules.ts';
import type { Lab, Mode, RealServer } from '../model/lab.ts';
import { nicOn, type PlannedNode, type PlannedScript } from './plan.ts';

/** A script before it has its number. */
type Step = Omit<PlannedScript, 'node' | 'file'>;

/** A program that a step uses, and the Debian package that has it. */
function tool(program: string, packageName = program) {
  return { program, package: packageName };
}

export function clientScripts(client: PlannedNode): Step[] {
  return [
    { template: 'client/network', context: networkContext(client) },
    {
      template: 'client/tools',
      context: { tools: [tool('curl'), tool('tcpdump'), tool('arping', 'iputils-arping')] },
    },
  ];
}

export function directorScripts(lab: Lab, director: PlannedNode): Step[] {
  const { mode, service } = lab;
  const front = nicOn(director, 'front');
  const steps: Step[] = [{ template: 'director/network', context: networkContext(director) }];
  if (mode === 'nat') {
    steps.push({ template: 'director/forwarding', context: { nics: director.nics } });
    const inside = lab.networks.back ?? '';
    steps.push({
      template: 'director/masquerade',
      context: { inside, frontMac: front.mac, nft: tool('nft', 'nftables') },
    });
  }
  if (service.vip !== front.address) {
    steps.push({ template: 'director/vip', context: { vip: service.vip, mac: front.mac } });
  }
  steps.push({
    template: 'director/ipvs',
    context: {
      ipvsadm: tool('ipvsadm'),
      methodFlag: methodFlags[mode],
      methodName: methodWords[mode],
      rules: ipvsRules(mode, service, lab.realServers),
    },
  });
  return steps;
}

export function realServerScripts(lab: Lab, server: RealServer, node: PlannedNode): Step[] {
  const { vip } = lab.service;
  const gateway = lab.mode === 'nat' ? lab.director.back : undefined;
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
    { template: 'real-server/network', context: { ...networkContext(node), gateway: gateway ?? null } },
    ...perMode[lab.mode],
    {
      template: 'real-server/apache',
      // Debian's Apache listens on port 80 in any case.
      context: { node: node.name, port: server.port, extraPort: server.port !== 80, apache: tool('apache2') },
    },
  ];
}

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
