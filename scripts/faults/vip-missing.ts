import { rulesAt } from '../firewall/firewall.ts';
import { matches } from '../firewall/rule.ts';
import { hostCidr, overlap } from '../model/addresses.ts';
import { packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { heldVipKey, heldVips } from './held-vips.ts';
import { sh } from './sh.ts';
import { added, gone, type Sign, without } from './sign.ts';
import { fails } from './symptom.ts';
import { vipKey } from './vip-key.ts';
import { isLocal } from './witness.ts';

/** It is on no other device, and neither a route nor a rule takes its packets all the same. */
const takenByNothing: Sign = (change) => {
  const { after } = change;
  const requests = packetsAt(change, 'in', ['request']).map(({ state: _, ...packet }) => packet);
  const turned = rulesAt(after, ['prerouting']).some(({ rule }) => {
    const { changes = '' } = rule.verdict.kind === 'continue' ? rule.verdict : {};
    return /^(redirect|dnat|tproxy)/.test(changes) && requests.some((packet) => matches(rule, packet) !== 'no');
  });
  const legacy = ['iptables', 'ip6tables'].some((tool) =>
    after.below(tool, '').some(({ key }) => / -j (REDIRECT|DNAT|TPROXY)\b/.test(key)),
  );
  if (turned || legacy) return [];
  return without(
    gone('address', heldVipKey()),
    added('address', vipKey()),
  )(change).filter(({ key }) => {
    const vip = /^\S+ ([^/]+)/.exec(key)?.[1] ?? '';
    return !after
      .below('route', '')
      .some((route) => route.value.startsWith('local') && overlap(vip, route.key.split(' ')[0] ?? ''));
  });
};

export const vipMissing: Fault = {
  id: 'vip-missing',
  family: 'vip',
  title: 'a real server lacks the VIP',
  cause: 'Requests arrive with the VIP as destination, and a kernel that does not have this address drops them.',
  sign: takenByNothing,
  places: (plan) =>
    heldVips(plan).map(({ server: { node }, vip, device, services, name }) => ({
      name,
      nodes: [node],
      make: [{ on: node, run: sh`ip address flush dev ${device} to ${hostCidr(vip)}` }],
      witness: isLocal(node, vip, false),
      symptom: fails(plan, [node], services),
      check: { id: 'vip', hint: [node, `ip address replace ${hostCidr(vip)} dev ${device}`] },
    })),
};
