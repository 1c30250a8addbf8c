import { rulesAt } from '../firewall/firewall.ts';
import { matches } from '../firewall/rule.ts';
import { nicOn, serversBy, theNode } from '../plan/plan.ts';
import { packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { dropTable, setTable } from './own-table.ts';
import { pageOf, pageServers } from './pages.ts';
import { sh } from './sh.ts';
import type { Sign } from './sign.ts';

/** Requests to real servers get an address of the director, and only they. Answers to any other address would go elsewhere. */
const givesOwnAddress: Sign = (change) => {
  const { plan, node, after, differences } = change;
  if (after.of('sysctl', 'net.ipv4.vs.conntrack') !== '1') return [];
  const own = plan.nodes.filter(({ name }) => name === node).flatMap(({ nics }) => nics.map(({ address }) => address));
  const sent = packetsAt(change, 'out', ['request']);
  const others = packetsAt(change, 'out', ['answer']);
  const rules = rulesAt(after, ['postrouting']).filter(({ rule }) => {
    const { changes = '' } = rule.verdict.kind === 'continue' ? rule.verdict : {};
    const [, to] = /^snat (?:ip6? )?to (\S+)/.exec(changes) ?? [];
    const gives = changes === 'masquerade' || (to !== undefined && own.includes(to));
    const hits = sent.some((packet) => matches(rule, packet) === 'yes');
    return gives && hits && others.every((packet) => matches(rule, packet) === 'no');
  });
  return differences.filter(({ section, key, before }) => {
    return section === 'nft' && before === undefined && rules.some((one) => one.key === key);
  });
};

export const sourceNat: Fault = {
  id: 'source-nat',
  family: 'firewall',
  title: 'the director gives requests its own address as source, which is harmless',
  cause:
    'Real servers see the director as their only client. So client addresses in their logs, and limits for each client address, are useless.',
  sign: givesOwnAddress,
  places: (plan) => {
    // Health checks come from the director as well, so nobody could tell them from requests.
    const [server] = pageServers(plan).filter(({ node }) => serversBy(plan, 'nat').some((one) => one.node === node));
    const [service] = server?.services ?? [];
    if (plan.health || plan.oneArm || !server || !service) return [];
    const director = theNode(plan, 'director');
    const { address, network } = nicOn(director, 'back');
    const cidr = plan.networks.find(({ name }) => name === network)?.cidr ?? '';
    const [ip, table] = plan.family === 6 ? ['ip6', 'ip6 hide'] : ['ip', 'ip hide'];
    const rule = `${ip} saddr != ${cidr} ${ip} daddr ${cidr} masquerade`;
    const nat = `chain postrouting { type nat hook postrouting priority srcnat; policy accept; ${rule}; }`;
    const asked = service.destinations.map(() => 'x');
    return [
      {
        name: director.name,
        nodes: [director.name],
        make: [{ on: director.name, run: 'sysctl -q -w net.ipv4.vs.conntrack=1' }, setTable(director.name, table, nat)],
        mend: [
          dropTable(director.name, table),
          { on: director.name, run: sh`sysctl -q -w net.ipv4.vs.conntrack=${planned(plan.ipvs.sysctls)}` },
        ],
        witness: {
          first: {
            on: theNode(plan, 'client').name,
            run: sh`for _ in ${asked}; do curl -s -k -m 5 -o /dev/null ${pageOf(service)}; done`,
          },
          on: server.node,
          run: sh`tail -n 1 /var/log/apache2/access.log | grep -q ${`^${address} `}`,
        },
        symptom: { kind: 'none' },
        harmless: true,
      },
    ];
  },
};

function planned(sysctls: readonly { name: string; value: number | string }[]): string {
  return String(sysctls.find(({ name }) => name === 'conntrack')?.value ?? 0);
}
