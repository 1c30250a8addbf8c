import { kernelSuites } from '../../scripts/model/kernels.ts';
import { kernels } from '../../scripts/model/words.ts';

/** What the schema does not say of a key of a lab file. test/docs.test.ts proves examples and defaults. */
export interface LabFileKey {
  /** A part of a lab file: with `mode: dr`, one network and a VIP where it says nothing of them, it makes a lab. */
  example: string;
  /** What else that lab has. */
  rest?: string;
  /** The value that changes nothing in the example, where it depends on other keys and the schema has none. */
  default?: string;
  /** The same in words. */
  words?: string;
  /** What the lab is without the key, where there is no default. */
  without?: string;
  /** In the place of the schema's type, which knows nothing of addresses. */
  type?: string;
}

const address = 'IPv4 or IPv6 address';
const network = 'network such as `192.168.1.0/24` or `fd00:1::/64`';
const nodeName = 'host name of small letters, digits and hyphens, 32 characters at most';
const siteServer = `\`true\`, the name of a node, or a map`;

const kernel = `one of ${[...kernels, ...kernelSuites].map((word) => `\`${word}\``).join(', ')}, or a version, or a map`;
const kernelFiles = 'kernel: { image: linux/arch/x86/boot/bzImage, modules: linux/installed }';

/** Labs that some keys need. */
const nat = 'mode: nat\nnetworks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }\nservice: { vip: 10.1.0.3 }';
const remote = 'mode: tun\nnetworks: { front: 192.168.1.0/24, remote: 10.9.0.0/24 }';
const failover = 'services: [{ vip: 192.168.1.3, port: 80 }, { vip: 192.168.1.3, port: 7 }]\nservice:';
const pairByNat =
  'mode: nat\nnetworks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }\nservices: [{ vip: 10.1.0.3, port: 80 }, { vip: 10.1.0.3, port: 7 }]\nservice:';
const small = 'service: { vip: 10.1.0.3 }';

export const labFileKeys: Record<string, LabFileKey> = {
  title: { example: 'title: Two servers, one twice as fast', default: 'dr lab', words: 'the method, as in `dr lab`' },
  mode: { example: 'mode: tun' },
  release: { example: 'release: 12' },
  kernel: { example: 'kernel: 6.12', type: kernel },
  kernels: {
    example: 'kernels: { director: 7.2, rs1: 6.1.187, rs2: sid }',
    without: 'all machines have `kernel`',
    type: 'map of kernels by node',
  },
  'kernel.image': { example: kernelFiles, type: 'path, from the lab file' },
  'kernel.modules': { example: kernelFiles, type: 'path, from the lab file' },
  modules: { example: 'modules: { ip_vs: modules/6.12.118+deb13-cloud-amd64/ip_vs.ko }', without: 'the kernel’s own' },
  'modules.ip_vs': {
    example: 'modules: { ip_vs: { director: fixed/ip_vs.ko } }',
    type: 'path, from the lab file, or map of paths by director',
  },
  memory: { example: 'memory: 768' },
  provider: { example: 'provider: vagrant', without: 'QEMU if it is installed or can be installed, else Vagrant' },
  box: {
    example: 'box: debian/bookworm64',
    without: 'the kit’s own box, else `cloud-image/debian-13`',
    type: 'name of a Vagrant box',
  },
  networks: { example: 'networks: { front: 192.168.1.0/24 }' },
  director: {
    example: 'director: 192.168.1.10',
    default: '192.168.1.2',
    words: 'the second address of the front network, the first of the back network',
    type: `${address}, or map`,
  },
  backup: { example: 'backup: 192.168.1.12', rest: failover, without: 'one director', type: `${address}, or map` },
  one_arm: {
    example: 'one_arm: routes',
    rest: 'mode: nat',
    without: '`nat` needs a back network',
  },
  router: {
    example: 'router: { front: 192.168.1.9, remote: 10.9.0.9 }',
    rest: remote,
    default: '{}',
    words: 'the first address of each network; a lab has a router when it has a remote network',
  },
  client: {
    example: 'client: 192.168.1.50',
    default: '192.168.1.100',
    words: 'address 100 of the front network',
    type: address,
  },
  real_servers: {
    example: 'real_servers: [{ name: web1, weight: 2 }, { name: web2 }]',
    type: 'whole number, 1 to 64, or list of up to 64 maps',
  },
  service: { example: 'service: { vip: 192.168.1.3, scheduler: wlc }', without: '`services` must be there' },
  services: {
    example: 'services: [{ vip: 192.168.1.3, port: 80 }, { vip: 192.168.1.3, port: 53 }]',
    rest: 'service:',
    without: '`service` must be there',
    type: 'list of up to 32 maps, each with the keys of `service`',
  },
  health: { example: 'health: { by: keepalived }', without: 'no health checks' },
  nfs: { example: 'nfs: true', without: 'no NFS server', type: siteServer },
  php: { example: 'php: store', without: 'no PHP server', type: siteServer },
  mysql: {
    example: 'mysql: { node: db, address: 192.168.1.20 }',
    rest: 'php: true',
    without: 'no database server',
    type: siteServer,
  },
  ocfs2: { example: 'ocfs2: true', rest: 'kernel: generic' },
  clock: { example: 'clock: true' },
  ipvs: { example: 'ipvs: { sysctls: { expire_nodest_conn: 1 } }', without: 'the kernel’s defaults' },

  'networks.front': { example: 'networks: { front: 10.1.0.0/24 }', rest: small, type: network },
  'networks.back': {
    example: 'networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }',
    rest: nat,
    without: 'no back network; `nat` needs one',
    type: network,
  },
  'networks.remote': {
    example: 'networks: { front: 10.1.0.0/24, remote: 10.9.0.0/24 }',
    rest: `mode: tun\n${small}`,
    without: 'no router; real servers by `tun` are on the front network',
    type: network,
  },

  'director.front': {
    example: 'director: { front: 192.168.1.10 }',
    default: '192.168.1.2',
    words: 'the second address of the front network',
    type: address,
  },
  'director.back': {
    example: 'director: { front: 10.1.0.10, back: 10.2.0.10 }',
    rest: nat,
    default: '10.2.0.1',
    words: 'the first address of the back network; with `backup` the next free one from the second on',
    type: address,
  },

  'backup.front': { example: 'backup: { front: 192.168.1.12 }', rest: failover, type: address },
  'backup.back': {
    example: 'backup: { front: 10.1.0.12, back: 10.2.0.12 }',
    rest: pairByNat,
    default: '10.2.0.3',
    words: 'the next free address of the back network from the third on',
    type: address,
  },
  'backup.gateway': {
    example: 'backup: { front: 10.1.0.12, gateway: 10.2.0.254 }',
    rest: pairByNat,
    default: '10.2.0.1',
    words: 'the first free address of the back network',
    type: address,
  },
  'backup.advert_interval': {
    example: 'backup: { front: 192.168.1.12, advert_interval: 1 }',
    rest: failover,
  },
  'backup.preempt_delay': {
    example: 'backup: { front: 192.168.1.12, preempt_delay: 2 }',
    rest: failover,
  },
  'backup.nopreempt': { example: 'backup: { front: 192.168.1.12, nopreempt: true }', rest: failover },
  'backup.unicast': { example: 'backup: { front: 192.168.1.12, unicast: true }', rest: failover },
  'backup.sync': {
    example: 'backup: { front: 192.168.1.12, sync: { syncid: 7 } }',
    rest: failover,
    without: 'the defaults of the daemons, and syncid 1',
  },
  'backup.sync.syncid': { example: 'backup: { front: 192.168.1.12, sync: { syncid: 0 } }', rest: failover },
  'backup.sync.maxlen': {
    example: 'backup: { front: 192.168.1.12, sync: { maxlen: 1000 } }',
    rest: failover,
    without: 'what fits into one packet',
  },
  'backup.sync.group': {
    example: 'backup: { front: 192.168.1.12, sync: { group: 224.0.0.99 } }',
    rest: failover,
    without: '224.0.0.81',
    type: address,
  },
  'backup.sync.port': {
    example: 'backup: { front: 192.168.1.12, sync: { port: 9000 } }',
    rest: failover,
    without: '8848',
  },
  'backup.sync.ttl': { example: 'backup: { front: 192.168.1.12, sync: { ttl: 2 } }', rest: failover, without: '1' },

  'router.front': {
    example: 'router: { front: 192.168.1.9 }',
    rest: remote,
    default: '192.168.1.1',
    words: 'the first address of the front network',
    type: address,
  },
  'router.remote': {
    example: 'router: { remote: 10.9.0.9 }',
    rest: remote,
    default: '10.9.0.1',
    words: 'the first address of the remote network',
    type: address,
  },

  'real_servers.name': {
    example: 'real_servers: [{ name: web1 }, { name: director }]',
    default: 'rs1',
    words: '`rs1`, `rs2`, …',
    type: nodeName,
  },
  'real_servers.address': {
    example: 'real_servers: [{ address: 192.168.1.21 }, { address: 192.168.1.22 }]',
    default: '192.168.1.4',
    words: 'the next free one behind the real server before it; the first is 4, or 2 at the back and behind the router',
    type: address,
  },
  'real_servers.mode': {
    example: 'real_servers: [{ mode: tun }, {}]',
    rest: 'mode: dr',
    default: 'dr',
    words: '`mode` of the lab',
  },
  'real_servers.weight': { example: 'real_servers: [{ weight: 3 }, {}]' },
  'real_servers.uthreshold': { example: 'real_servers: [{ uthreshold: 100 }, {}]' },
  'real_servers.lthreshold': { example: 'real_servers: [{ uthreshold: 100, lthreshold: 80 }, {}]' },
  'real_servers.port': {
    example: 'real_servers: [{ port: 8080 }, {}]',
    rest: nat,
    default: '80',
    words: 'the port of the service',
  },
  'real_servers.quiescent': {
    example: 'real_servers: [{ quiescent: true }, {}]',
    rest: 'health: { by: keepalived }',
    without: 'what `health` says',
  },
  'real_servers.tunnel': { example: 'real_servers: [{ tunnel: gre }, {}]', rest: 'mode: tun' },
  'real_servers.tunnel_port': {
    example: 'real_servers: [{ tunnel: gue, tunnel_port: 5555 }, {}]',
    rest: 'mode: tun',
  },
  'real_servers.gateway': {
    example: 'real_servers: [{ gateway: 10.2.0.1 }, {}]',
    rest: nat,
    default: '10.2.0.1',
    words: 'the director’s back address; any other is refused',
    type: address,
  },

  'service.vip': { example: 'service: { vip: 192.168.1.9 }', type: address },
  'service.port': {
    example: 'service: { vip: 192.168.1.3, port: 8000 }',
    default: '80',
    words: 'the port of `backend`: 80 for `http`',
    type: 'whole number, 0 to 65535, or with `fwmark` or 0 a list of up to 15 of them and of ranges',
  },
  'service.protocol': {
    example: 'service: { vip: 192.168.1.3, port: 53, protocol: tcp }',
    default: 'udp',
    words: 'the first of the backend that `backend` or the port names, else `tcp`',
  },
  'service.fwmark': {
    example: 'service: { vip: 192.168.1.3, fwmark: 1, port: [80, 443] }',
    without: 'a service by address and port',
  },
  'service.backend': {
    example: 'service: { vip: 192.168.1.3, backend: dns }',
    default: 'http',
    words: 'by the port, else by the protocol',
  },
  'service.scheduler': { example: 'service: { vip: 192.168.1.3, scheduler: wlc }' },
  'service.flags': { example: 'service: { vip: 192.168.1.3, scheduler: sh, flags: [sh-port] }' },
  'service.persistence': { example: 'service: { vip: 192.168.1.3, persistence: 300 }' },
  'service.persistence_granularity': {
    example: 'service: { vip: 192.168.1.3, persistence: 300, persistence_granularity: 255.255.255.0 }',
    without: 'each client address by itself',
    type: 'netmask, or for IPv6 a whole number, 1 to 127',
  },
  'service.ops': { example: 'service: { vip: 192.168.1.3, port: 53, ops: true }' },
  'service.real_servers': {
    example: 'service: { vip: 192.168.1.3, real_servers: [rs1, { name: rs2, weight: 2 }] }',
    without: 'all real servers of the lab',
    type: 'list of up to 64; each a name, or a map',
  },
  'service.real_servers.name': {
    example: 'service: { vip: 192.168.1.3, real_servers: [{ name: rs1 }, rs2] }',
    type: 'name of a real server of the lab',
  },
  'service.real_servers.weight': {
    example: 'service: { vip: 192.168.1.3, real_servers: [{ name: rs1, weight: 3 }, rs2] }',
    default: '1',
    words: 'what `real_servers` of the lab says, else `1`',
  },
  'service.real_servers.uthreshold': {
    example: 'service: { vip: 192.168.1.3, real_servers: [{ name: rs1, uthreshold: 100 }, rs2] }',
    default: '0',
    words: 'what `real_servers` of the lab says, else `0`',
  },
  'service.real_servers.lthreshold': {
    example: 'service: { vip: 192.168.1.3, real_servers: [{ name: rs1, uthreshold: 100, lthreshold: 80 }, rs2] }',
    default: '0',
    words: 'what `real_servers` of the lab says, else `0`',
  },
  'service.real_servers.port': {
    example: 'service: { vip: 10.1.0.3, real_servers: [{ name: rs1, port: 8080 }, rs2] }',
    rest: nat,
    default: '80',
    words: 'what `real_servers` of the lab says, else the port of the service',
  },

  'health.by': { example: 'health: { by: ldirectord }' },
  'health.checks': {
    example: 'health: { by: keepalived, checks: [http, tcp] }',
    without: 'each service has the first check that its backend has in the [table](#backends)',
  },
  'health.interval': { example: 'health: { by: ldirectord, interval: 5 }' },
  'health.timeout': { example: 'health: { by: ldirectord, timeout: 10 }' },
  'health.retry': { example: 'health: { by: ldirectord, retry: 2 }' },
  'health.retry_delay': { example: 'health: { by: keepalived, retry: 2, retry_delay: 3 }' },
  'health.alpha': { example: 'health: { by: keepalived, alpha: false }' },
  'health.omega': { example: 'health: { by: keepalived, omega: true }' },
  'health.quorum': { example: 'health: { by: keepalived, quorum: 2 }' },
  'health.hysteresis': {
    example: 'health: { by: keepalived, quorum: 2, hysteresis: 1 }',
    rest: 'real_servers: 3',
  },
  'health.quiescent': { example: 'health: { by: ldirectord, quiescent: true }' },
  'health.sorry_server': { example: 'health: { by: ldirectord, sorry_server: false }' },

  'nfs.node': {
    example: 'nfs: { node: store }',
    default: 'nfs',
    words: '`nfs`, `php` or `mysql`',
    type: nodeName,
  },
  'nfs.address': {
    example: 'nfs: { node: store, address: 192.168.1.20 }',
    default: '192.168.1.6',
    words: 'the next free one behind the last real server',
    type: address,
  },

  'ipvs.timeouts': {
    example: 'ipvs: { timeouts: { tcp: 900, tcpfin: 60, udp: 300 } }',
    without: 'the kernel’s: 900, 120 and 300',
  },
  'ipvs.sysctls': { example: 'ipvs: { sysctls: { conn_reuse_mode: 0 } }', without: 'the kernel’s values' },
  'ipvs.timeouts.tcp': { example: 'ipvs: { timeouts: { tcp: 600, tcpfin: 120, udp: 300 } }' },
  'ipvs.timeouts.tcpfin': { example: 'ipvs: { timeouts: { tcp: 900, tcpfin: 60, udp: 300 } }' },
  'ipvs.timeouts.udp': { example: 'ipvs: { timeouts: { tcp: 900, tcpfin: 120, udp: 60 } }' },
};
