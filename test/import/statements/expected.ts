import { expectedOfCommands } from './commands.ts';
import { expectedOfKeepalived } from './keepalived.ts';
import { expectedOfLdirectord } from './ldirectord.ts';
import type { Expected } from './statement.ts';

export function kindOf(text: string): string {
  if (/^[ \t]*(@\S+[ \t]+)?(virtual_server(_group)?|global_defs|vrrp_(instance|script|sync_group))\b/m.test(text))
    return 'keepalived.conf';
  if (/^(virtual6?[ \t]*=|check(timeout|interval)[ \t]*=)/m.test(text)) return 'ldirectord.cf';
  return 'commands of ipvsadm';
}

export function expectedOf(kind: string, text: string, configId: string | undefined): Expected {
  if (kind === 'keepalived.conf') return expectedOfKeepalived(text, configId);
  return kind === 'ldirectord.cf' ? expectedOfLdirectord(text) : expectedOfCommands(text);
}
