import { rulesAt } from '../firewall/firewall.ts';
import { matches } from '../firewall/rule.ts';
import { theNode } from '../plan/plan.ts';
import { packetsAt } from './ended.ts';
import type { Fault, Witness } from './fault.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { hasPages, pageOf } from './pages.ts';
import { sh } from './sh.ts';
import type { Sign } from './sign.ts';
import { fails } from './symptom.ts';

/** Drops packets that seem to be new and do not begin a connection. With vs.conntrack=1 IPVS tells conntrack of its own. */
const dropsTheMiddle: Sign = (change) => {
  const { after, differences } = change;
  if (after.of('sysctl', 'net.ipv4.vs.conntrack') === '1') return [];
  const requests = packetsAt(change, 'in', ['request']).map(({ state: _, ...packet }) => packet);
  const rules = rulesAt(after, ['prerouting', 'input']).filter(({ rule, key }) => {
    const text = /tcp flags (& .* )?!= syn\b/.test(key) && /ct state [{}\w, ]*\bnew\b/.test(key);
    return text && rule.verdict.kind === 'drop' && requests.some((packet) => matches(rule, packet) !== 'no');
  });
  return differences.filter(({ section, key, before }) => {
    return section === 'nft' && before === undefined && rules.some((one) => one.key === key);
  });
};

export const firewallStateful: Fault = {
  id: 'firewall-stateful',
  family: 'firewall',
  title: 'a firewall on the director drops packets of connections that it does not know',
  cause:
    'IPVS has its own table of connections, and takes packets out of netfilter before connection tracking notes them. So the first packet passes, and every later packet seems to belong to an unknown connection.',
  sign: dropsTheMiddle,
  places: (plan) => {
    const [first] = plan.services.filter(hasPages);
    if (!first) return [];
    const director = theNode(plan, 'director').name;
    const all = plan.realServers.map(({ node }) => node);
    const vips = [...new Set(plan.services.map(({ vip }) => vip))].join(', ');
    const rule = `${plan.family === 6 ? 'ip6' : 'ip'} daddr { ${vips} } tcp flags & (fin|syn|rst|ack) != syn ct state { new, invalid } drop`;
    const tcp = plan.services.filter(({ protocol }) => protocol === 'tcp');
    return [
      {
        name: director,
        nodes: [director],
        make: [setTable(director, 'inet stateful', chain('input', rule))],
        mend: [dropTable(director, 'inet stateful')],
        witness: connectsAndHangs(theNode(plan, 'client').name, pageOf(first)),
        symptom: fails(plan, all, tcp),
      },
    ];
  },
};

/** The client gets a connection, and no answer in three seconds: curl's exit code 28. */
function connectsAndHangs(on: string, url: string): Witness {
  const ask = sh`curl -s -k -m 3 -o /dev/null -w '%{num_connects} %{http_code}' ${url}`;
  return { on, run: `[ "$(${ask})" = '1 000' ]` };
}
