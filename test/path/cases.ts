import type { PlannedService } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';
import type { MadeHop } from './made.ts';

/** A shipped lab, one of its real servers, and the hops of a request to it as a person tells them. */
export interface LadderCase {
  lab: string;
  server: string;
  there: MadeHop[];
  back: MadeHop[];
}

const client = '192.168.1.100 20001';
const vip = '192.168.1.3 80';
const there = { source: client, target: vip };
const back = { source: vip, target: client };
const client6 = 'fd00:1::100 20001';
const vip6 = 'fd00:1::3 80';

/** NAT in one network. @param seen whom rs1 takes for the client */
const inOneNetwork = (seen: string): Pick<LadderCase, 'there' | 'back'> => ({
  there: [
    { network: 'front', from: 'client', to: 'director', ...there, ttl: 64 },
    { network: 'front', from: 'director', to: 'rs1', source: seen, target: '192.168.1.4 80', ttl: 63 },
  ],
  back: [
    { network: 'front', from: 'rs1', to: 'director', source: '192.168.1.4 80', target: seen, ttl: 64 },
    { network: 'front', from: 'director', to: 'client', ...back, ttl: 63 },
  ],
});

/** The VIP’s packet in a tunnel from the director to rs1. */
const byTunnel = (by: 'ipip' | 'gre' | 'gue'): Pick<LadderCase, 'there' | 'back'> => {
  const tunnel = { by, source: '192.168.1.2', target: '192.168.1.4' };
  return {
    there: [
      { network: 'front', from: 'client', to: 'director', ...there, ttl: 64 },
      { network: 'front', from: 'director', to: 'rs1', ...there, ttl: 63, tunnel },
    ],
    back: [{ network: 'front', from: 'rs1', to: 'client', ...back, ttl: 64 }],
  };
};

export const ladderCases: readonly LadderCase[] = [
  {
    lab: 'dr',
    server: 'rs1',
    there: [
      { network: 'front', from: 'client', to: 'director', ...there, ttl: 64 },
      { network: 'front', from: 'director', to: 'rs1', ...there, ttl: 63 },
    ],
    back: [{ network: 'front', from: 'rs1', to: 'client', ...back, ttl: 64 }],
  },
  {
    lab: 'nat',
    server: 'rs2',
    there: [
      { network: 'front', from: 'client', to: 'director', source: client, target: '192.168.1.10 80', ttl: 64 },
      { network: 'back', from: 'director', to: 'rs2', source: client, target: '172.16.10.212 80', ttl: 63 },
    ],
    back: [
      { network: 'back', from: 'rs2', to: 'director', source: '172.16.10.212 80', target: client, ttl: 64 },
      { network: 'front', from: 'director', to: 'client', source: '192.168.1.10 80', target: client, ttl: 63 },
    ],
  },
  { lab: 'nat-one-arm', server: 'rs1', ...inOneNetwork('192.168.1.2 20001') },
  { lab: 'one-arm', server: 'rs1', ...inOneNetwork(client) },
  { lab: 'tun', server: 'rs1', ...byTunnel('ipip') },
  { lab: 'tun-gre', server: 'rs1', ...byTunnel('gre') },
  { lab: 'tun-gue', server: 'rs1', ...byTunnel('gue') },
  {
    lab: 'tun-remote',
    server: 'rs1',
    there: [
      { network: 'front', from: 'client', to: 'director', ...there, ttl: 64 },
      ...(['front', 'remote'] as const).map((network, at): MadeHop => {
        const [from = '', to = ''] =
          [
            ['director', 'router'],
            ['router', 'rs1'],
          ][at] ?? [];
        const tunnel = { by: 'ipip' as const, source: '192.168.1.2', target: '10.9.0.11' };
        return { network, from, to, ...there, ttl: 63, tunnel };
      }),
    ],
    back: [
      { network: 'remote', from: 'rs1', to: 'router', ...back, ttl: 64 },
      { network: 'front', from: 'router', to: 'client', ...back, ttl: 63 },
    ],
  },
  {
    lab: 'localnode',
    server: 'director',
    there: [{ network: 'front', from: 'client', to: 'director', ...there, ttl: 64 }],
    back: [{ network: 'front', from: 'director', to: 'client', ...back, ttl: 64 }],
  },
  {
    lab: 'mixed-modes',
    server: 'rs3',
    there: [
      { network: 'front', from: 'client', to: 'director', ...there, ttl: 64 },
      { network: 'back', from: 'director', to: 'rs3', source: client, target: '172.16.0.3 8080', ttl: 63 },
    ],
    back: [
      { network: 'back', from: 'rs3', to: 'director', source: '172.16.0.3 8080', target: client, ttl: 64 },
      { network: 'front', from: 'director', to: 'client', ...back, ttl: 63 },
    ],
  },
  {
    lab: 'ipv6-dr',
    server: 'rs1',
    there: [
      { network: 'front', from: 'client', to: 'director', source: client6, target: vip6, ttl: 64 },
      { network: 'front', from: 'director', to: 'rs1', source: client6, target: vip6, ttl: 63 },
    ],
    back: [{ network: 'front', from: 'rs1', to: 'client', source: vip6, target: client6, ttl: 64 }],
  },
  {
    lab: 'ipv6-nat',
    server: 'rs1',
    there: [
      { network: 'front', from: 'client', to: 'director', source: client6, target: 'fd00:1::10 80', ttl: 64 },
      { network: 'back', from: 'director', to: 'rs1', source: client6, target: 'fd00:2::11 80', ttl: 63 },
    ],
    back: [
      { network: 'back', from: 'rs1', to: 'director', source: 'fd00:2::11 80', target: client6, ttl: 64 },
      { network: 'front', from: 'director', to: 'client', source: 'fd00:1::10 80', target: client6, ttl: 63 },
    ],
  },
  {
    lab: 'ipv6-tun',
    server: 'rs2',
    there: [
      { network: 'front', from: 'client', to: 'director', source: client6, target: vip6, ttl: 64 },
      {
        ...{ network: 'front', from: 'director', to: 'rs2', source: client6, target: vip6, ttl: 63 },
        tunnel: { by: 'ipip', source: 'fd00:1::2', target: 'fd00:1::5' },
      },
    ],
    back: [{ network: 'front', from: 'rs2', to: 'client', source: vip6, target: client6, ttl: 64 }],
  },
];

export async function caseOf(lab: string) {
  const found = ladderCases.find((one) => one.lab === lab);
  const plan = await planOf(lab);
  const [service] = plan.services;
  if (!found || !service) throw new Error(`there is no case ${lab}`);
  return { ...found, plan, service: service satisfies PlannedService };
}
