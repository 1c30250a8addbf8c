import { rulesAt } from '../firewall/firewall.ts';
import { matches } from '../firewall/rule.ts';
import { packetsAt } from './ended.ts';
import type { Sign } from './sign.ts';

/** Requests of a service by mark get another mark, after the rules of the lab gave them theirs. */
export const remarked: Sign = (change) => {
  const { after, differences } = change;
  const requests = packetsAt(change, 'in', ['request']).filter(({ mark }) => mark !== undefined);
  const all = rulesAt(after, ['prerouting', 'input']);
  const given = Math.max(...all.filter(({ key }) => key.includes(' lvs_lab_marks ')).map(({ priority }) => priority));
  const wrong = all.filter(({ rule, priority, key }) => {
    const [, mark] = (rule.verdict.kind === 'continue' && /^mark (\S+)/.exec(rule.verdict.changes ?? '')) || [];
    if (mark === undefined || priority < given || key.includes(' lvs_lab_marks ')) return false;
    return requests.some((packet) => packet.mark !== Number(mark) && matches(rule, packet) === 'yes');
  });
  return differences.filter(
    ({ section, key, before }) => section === 'nft' && before === undefined && wrong.some((one) => one.key === key),
  );
};
