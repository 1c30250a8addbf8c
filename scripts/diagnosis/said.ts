import type { StateDifference } from '../state/state.ts';

const words: Record<string, string> = {
  ...{
    address: 'the address',
    route: 'the route to',
    rule: 'the rule',
    neighbour: 'the neighbour entry',
    link: 'the link',
  },
  ...{
    sysctl: '',
    nft: 'nftables:',
    process: 'the daemon',
    socket: 'the listening socket',
    ipvs: 'IPVS:',
    qdisc: 'the qdisc of',
  },
  ...{
    file: '',
    mode: '',
    mount: 'the mount at',
    module: 'the module',
    disk: 'the disk at',
    iptables: 'iptables-legacy:',
  },
};

/** A difference as a clause: `net.ipv4.conf.all.arp_ignore was 1 and is 0 now`. */
export function said({ section, key, before, after }: StateDifference): string {
  const thing = [words[section] ?? section, key].filter(Boolean).join(' ');
  if (before === undefined) return `${thing} is new${value(after)}`;
  if (after === undefined) return `${thing} is gone${value(before)}`;
  if (long(before) || long(after)) return `${thing} has changed`;
  return `${thing} was ${quoted(before)} and is ${quoted(after)} now`;
}

function value(text = ''): string {
  return text === '' || long(text) ? '' : ` (${text})`;
}

function long(text: string): boolean {
  return text.length > 60 || text.includes('\n');
}

function quoted(text: string): string {
  return text === '' ? 'empty' : text;
}
