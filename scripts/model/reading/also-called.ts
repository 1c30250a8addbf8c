import type { Mode, Scheduler } from '../words.ts';

/** Other names for values of a lab file: those of books, of ipvsadm(8), and of keepalived.conf(5). */

const modeNames: Record<Mode, string[]> = {
  nat: ['masq', 'masquerade', 'masquerading', 'networkaddresstranslation', 'lvsnat', 'vsnat', 'm'],
  dr: [
    'gate',
    'gateway',
    'gatewaying',
    'direct',
    'directrouting',
    'droute',
    'dsr',
    'directserverreturn',
    'lvsdr',
    'vsdr',
    'g',
  ],
  tun: ['ipip', 'tunnel', 'tunneling', 'tunnelling', 'iptunnel', 'iptunneling', 'iptunnelling', 'lvstun', 'vstun', 'i'],
};

const schedulerNames: Record<Scheduler, string[]> = {
  rr: ['roundrobin'],
  wrr: ['weightedroundrobin'],
  lc: ['leastconnection', 'leastconnections', 'leastconn'],
  wlc: ['weightedleastconnection', 'weightedleastconnections', 'weightedleastconn'],
  lblc: ['localitybasedleastconnection'],
  lblcr: ['localitybasedleastconnectionwithreplication'],
  dh: ['destinationhash', 'destinationhashing'],
  sh: ['sourcehash', 'sourcehashing'],
  sed: ['shortestexpecteddelay'],
  nq: ['neverqueue'],
  fo: ['failover', 'weightedfailover'],
  ovf: ['overflow', 'overflowconnection', 'weightedoverflow'],
  mh: ['maglev', 'maglevhash', 'maglevhashing'],
  twos: ['poweroftwochoices', 'poweroftwo'],
};

/** Other names for values, by the key of the lab file. */
const valueNames: Record<string, Record<string, string[]>> = {
  mode: modeNames,
  scheduler: schedulerNames,
  release: { 12: ['bookworm', 'debian12'], 13: ['trixie', 'debian13'] },
};

const keyNames: Record<string, string[]> = {
  mode: ['lbkind', 'lvsmethod', 'method', 'forwarding'],
  networks: ['network'],
  front: ['public', 'frontend', 'external'],
  back: ['private', 'internal', 'backend'],
  service: ['virtualserver', 'virtualservice'],
  vip: ['virtualip', 'virtualaddress', 'virtualipaddress', 'virtual'],
  scheduler: ['lbalgo', 'lvssched', 'algorithm', 'algo'],
  persistence: ['persistent', 'persistencetimeout', 'sticky'],
  persistence_granularity: ['netmask', 'granularity'],
  real_servers: ['realserver', 'servers', 'rs'],
  name: ['hostname', 'host'],
  address: ['ip', 'rip', 'ipaddress'],
  interval: ['delayloop', 'checkinterval'],
  timeout: ['checktimeout', 'connecttimeout'],
  quiescent: ['inhibitonfailure'],
  sorry_server: ['fallback'],
  advert_interval: ['advertint'],
};

/** The allowed value that the user meant by another name. */
export function valueMeantBy(key: string, word: string, values: readonly string[]): string | undefined {
  return meant(valueNames[key] ?? {}, word, values);
}

/** The allowed key that the user meant by another name. */
export function keyMeantBy(word: string, keys: readonly string[]): string | undefined {
  return meant(keyNames, word, keys);
}

function meant(names: Record<string, string[]>, word: string, possible: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replace(/[\s_/-]/g, '');
  return possible.find((one) => Object.hasOwn(names, one) && names[one]?.includes(plain));
}
