import { own } from '../own.ts';
import { management } from '../plan/management.ts';
import type { Plan } from '../plan/plan.ts';
import { filesRead, isIn, modesRead, unitFiles } from './places.ts';
import { linkOf } from './sections/link.ts';
import { isOwnMount, isPassingSysctl } from './sources/files.ts';
import { isNetworking } from './sources/kernel.ts';
import { isAttribute } from './sources/links.ts';
import { isLasting } from './sources/processes.ts';
import type { StateEntry } from './state.ts';

/** What of a plan decides what is read. */
export type ReadPlan = Pick<Plan, 'site' | 'family' | 'nodes'>;

/** Whether a fact is one that the kit reads of a node of the lab (sources/): one of its lists, in the form that its parser gives it. */
export function isReadable({ section, key, value }: StateEntry, plan: ReadPlan): boolean {
  return own(forms, section)?.(key, value, plan) ?? false;
}

type Form = (key: string, value: string, plan: ReadPlan) => boolean;

const like =
  (pattern: RegExp): Form =>
  (key) =>
    pattern.test(key);

const ofIptables = like(/^\S+ (-A \S+|chain|rules) \S/);

const forms: Record<string, Form> = {
  module: isNetworking,
  nic: (key, _, { nodes }) =>
    key === management || nodes.some(({ nics }) => nics.some(({ network }) => network === key)),
  link: (key) => /^[^\s/]+( \S+)?$/.test(key) && isAttribute(linkOf(key).attribute),
  netns: like(/^[^./\n][^/\n]*$/),
  sysctl: (key, _, { family }) => isSysctl(key, family === 6),
  address: like(/^[^\s/]+ [0-9a-f.:]+\/\d+$/),
  nexthop: like(/^id \d+( |$)/),
  rule: like(/^(-6 )?priority \d+ \S/),
  route: like(/^(default|[0-9a-f.:]+(\/\d+)?)( (dev|tos|table|metric) \S+)*$/),
  neighbour: like(/^(proxy )?[0-9a-f.:]+ dev \S+$/),
  label: like(/^prefix \S/),
  fou: like(/^port \d/),
  xfrm: like(/^src \S/),
  nft: like(/^\S+( \S+)? (ip6?|inet|arp|bridge|netdev) \S/),
  iptables: ofIptables,
  ip6tables: ofIptables,
  arptables: like(/^table \S+$/),
  ebtables: like(/^table \S+$/),
  qdisc: like(/^[^\s/]+ (root|ingress|parent \S+)$/),
  class: like(/^[^\s/]+ root$/),
  filter: like(/^[^\s/]+ (root|ingress|egress)$/),
  offload: like(/^[^\s/]+ [\w-]+$/),
  ipvs: like(/^(timeouts|daemon \w+|(-f \d+( -6)?|(-t|-u|--sctp-service) \S+)( -r \S+)?)$/),
  mount: (key, value) => /^\/\S*$/.test(key) && isOwnMount(key, value.split(' ')[1] ?? ''),
  file: (key, _, { site }) => isIn([...filesRead(site !== null), unitFiles], key),
  mode: (key, _, { site }) => isIn(modesRead(site !== null), key),
  limit: like(/^[^\s/]+\.service (cgroup\.freeze|cpu\.max|memory\.max)$/),
  process: (key) => key === 'nfsd' || (/^[^\n/]*\S[^\n]*$/.test(key) && isLasting(key)),
  socket: like(/^(tcp|udp) (\[[0-9a-f:.]+\]|[\d.]+):\d+$/),
  ...{ disk: like(/^\//), memory: like(/^memory$/), busy: like(/^[^\n]+$/) },
};

const single = [
  'fs.file-max',
  'fs.nr_open',
  'kernel.hostname',
  'kernel.pid_max',
  'kernel.threads-max',
  'vm.overcommit_memory',
];

/** As sources/files.hbs has them. Of IPv6 little is read in a lab of IPv4. */
function isSysctl(key: string, ipv6: boolean): boolean {
  if (single.includes(key)) return true;
  const parts = key.split('.');
  if (isPassingSysctl(key) || parts.some((part) => !/^[^\s]+$/.test(part))) return false;
  const [net, family = '', group = '', device = '', setting = ''] = parts;
  if (net !== 'net' || parts.length < 3) return false;
  if (parts.length === 3) return true;
  if (parts.length === 4)
    return family === 'ipv4' ? /^(route|vs)$/.test(group) : ipv6 && /^ipv6\.(route|icmp)$/.test(`${family}.${group}`);
  if (parts.length !== 5 || !/^(conf|neigh)$/.test(group)) return false;
  if (family === 'ipv6' && !ipv6) return group === 'conf' && setting === 'disable_ipv6';
  return /^ipv[46]$/.test(family) && device !== management && !(group === 'neigh' && device === 'lo');
}
