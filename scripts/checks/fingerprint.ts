import { countOf } from '../count-of.ts';
import { type Plan, type PlannedRealServer, serversBy, theNode } from '../plan/plan.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import type { Hint } from './hint.ts';
import { allAnswers, answers } from './looks/answers.ts';
import { counters } from './looks/counters.ts';
import { isTooLarge } from './looks/heard.ts';
import { nics } from './looks/nics.ts';
import { isDirector } from './nodes.ts';
import { capture } from './source/look.ts';
import { heardBy } from './source/way.ts';

const judge: Judge = (plan, seen) => {
  const { before, after } = seen.of(counters, theNode(plan, 'director').name);
  const into = after.inPackets - before.inPackets;
  const out = after.outPackets - before.outPackets;
  // IPVS counts answers of real servers by NAT, and those of the director itself (LocalNode), whatever its method.
  const byNat = serversBy(plan, 'nat');
  const local = plan.realServers.filter((server) => server.local);
  const all = allAnswers(plan, seen);
  const some = (servers: PlannedRealServer[]) => all.some(({ server }) => servers.some(({ node }) => node === server));
  const nat = (byNat.length > 0 && byNat.length === plan.realServers.length) || some(byNat);
  const passing = nat || some(local);
  // IPVS counts its own ICMP errors as well: to a client whose packet is too large for the tunnel (ip_vs_out_icmp in ip_vs_core.c).
  const own = heardBy(plan, seen).complaints.filter(
    (one) => isTooLarge(one) && isDirector(plan, seen, one.sender),
  ).length;
  const ok = into > 0 && (passing ? out > 0 : out <= own);
  const past = some(local) ? 'answers bypass the director, except its own' : 'answers bypass the director';
  return [
    {
      title: nat ? 'answers come back through the director' : past,
      ok,
      expected: passing ? 'InPkts > 0, OutPkts > 0' : 'InPkts > 0, OutPkts = 0',
      observed: `InPkts ${into}, OutPkts ${out}${out > 0 && own > 0 && !passing ? ` (${countOf(own, 'ICMP error')})` : ''}`,
      ...(!ok && { hint: hintOf(plan, into, out) }),
    },
  ];
};

function hintOf(plan: Plan, into: number, out: number): Hint {
  if (into === 0) {
    const cause = 'no packet of a request passed IPVS';
    return { cause, commands: [], see: ['table', 'director-vip', 'arp-owner'] };
  }
  if (out > 0) {
    return { cause: 'answers passed the director, as they do with NAT', commands: [], see: ['table', 'source'] };
  }
  const nat = serversBy(plan, 'nat').length > 0 ? ['gateway', 'forwarding'] : [];
  return { cause: 'no answer passed the director', commands: [], see: ['reachable', ...nat] };
}

export const fingerprint: CheckKind = {
  id: 'fingerprint',
  about: 'answers of real servers by NAT pass the director, those by DR and TUN never do',
  faults: [],
  looks: [answers, counters, capture, nics],
  judge,
};
