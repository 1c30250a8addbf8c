import { backendOf } from '../../scripts/backends/index.ts';
import { owners } from '../../scripts/checks/arp-owner/look.ts';
import { clockLook } from '../../scripts/checks/clock/look.ts';
import { firewallLook } from '../../scripts/checks/firewall/look.ts';
import type { Filter } from '../../scripts/checks/firewall/nft-ruleset.ts';
import { forwards } from '../../scripts/checks/forwarding/look.ts';
import { fou } from '../../scripts/checks/gue/look.ts';
import { listeners } from '../../scripts/checks/listening/look.ts';
import { addresses } from '../../scripts/checks/looks/addresses.ts';
import { type Answer, answers } from '../../scripts/checks/looks/answers.ts';
import { nics } from '../../scripts/checks/looks/nics.ts';
import { processes } from '../../scripts/checks/looks/processes.ts';
import { siteUnits } from '../../scripts/checks/looks/site-units.ts';
import { sysctls } from '../../scripts/checks/looks/sysctls.ts';
import { table } from '../../scripts/checks/looks/table.ts';
import { waysBack } from '../../scripts/checks/looks/way-back.ts';
import { marksLook } from '../../scripts/checks/marks/look.ts';
import { reach } from '../../scripts/checks/reachable/look.ts';
import { routerSysctls } from '../../scripts/checks/router/look.ts';
import { databaseLogin } from '../../scripts/checks/site-database/look.ts';
import { siteMount } from '../../scripts/checks/site-files/look.ts';
import { siteUsers } from '../../scripts/checks/site-user/look.ts';
import { daemons } from '../../scripts/checks/sync-daemons/look.ts';
import { vrrpStates } from '../../scripts/checks/vrrp/look.ts';
import { commandsOf, type Place } from '../../scripts/faults/fault.ts';
import { type HeldVip, heldVips } from '../../scripts/faults/held-vips.ts';
import { nameWithService } from '../../scripts/faults/servers.ts';
import { serviceName, tableOf } from '../../scripts/ipvs/rules.ts';
import type { TableServer } from '../../scripts/ipvs/table.ts';
import { hostCidr } from '../../scripts/model/addresses.ts';
import { nodesOf, type Plan, theNode } from '../../scripts/plan/plan.ts';
import { tunnelDevice } from '../../scripts/plan/tunnel-device.ts';
import { macOf, type Seen } from '../checks/healthy.ts';
import { silence } from '../checks/silence.ts';

type Ill = (seen: Seen, plan: Plan, place: Place) => void;

/** What a lab with a fault shows, where it differs from a healthy one: by the fault's id. */
export const ill: Record<string, Ill> = {
  'arp-sysctls-missing': onEach((seen, node, plan) => {
    for (const name of ['all.arp_ignore', 'all.arp_announce']) seen.of(sysctls, node).set(name, 0);
    for (const macs of seen.of(owners, 'client').values()) macs.push(macOf(plan, node));
  }),
  'vip-missing': ofVip((seen, { server, vip }) => {
    moveVip(seen, server.node, vip);
    silence(seen, server.node);
  }),
  'vip-on-nic': ofVip((seen, { server, vip }, plan) => {
    giveVip(seen, server.node, 'eth0', hostCidr(vip));
    seen.of(owners, 'client').get(vip)?.push(macOf(plan, server.node));
  }),
  'vip-wide-prefix': ofVip((seen, { server, vip }) => {
    moveVip(seen, server.node, vip);
    giveVip(seen, server.node, 'lo', `${vip}/24`);
    silence(seen, server.node);
  }),
  'tunnel-down': onEach((seen, node, plan) => {
    for (const one of seen.of(addresses, node)) if (one.name === deviceOn(plan, node)) one.up = false;
    silence(seen, node);
  }),
  'tunnel-type-wrong': inTable({ tunnel: '--tun-type ipip' }),
  'gue-port-closed': onEach((seen, node) => {
    seen.set(fou, node, []);
    silence(seen, node);
  }),
  'rp-filter-strict': onEach((seen, node, plan) => {
    seen.of(sysctls, node).set(`${deviceOn(plan, node)}.rp_filter`, 1);
    silence(seen, node);
  }),
  'router-rp-filter-strict': onEach((seen, node) => {
    seen.of(routerSysctls, node).set('all.rp_filter', 1);
    silence(seen);
  }),
  'gateway-missing': onEach((seen, node) => {
    const error = 'Network is unreachable';
    const nowhere = { via: undefined, device: undefined, error };
    const ways = seen.of(waysBack, node).map((way) => ({ ...way, ...nowhere }));
    seen.set(waysBack, node, ways);
    silence(seen, node);
  }),
  'forwarding-off': onEach((seen, node, plan) => {
    if (nodesOf(plan, 'router').some(({ name }) => name === node)) seen.of(routerSysctls, node).set('forwarding', 0);
    else seen.set(forwards, node, false);
    silence(seen);
  }),
  'firewall-ssh-only': onEach((seen, node) => {
    filter(seen, node, { table: 'inet own', chain: 'input', hook: 'input', what: 'policy drop' });
  }),
  'firewall-forward-drop': onEach((seen, node, { family }) => {
    const ip = family === 6 ? 'ip6' : 'ip';
    filter(seen, node, { table: `${ip} filter`, chain: 'FORWARD', hook: 'forward', what: 'policy drop' });
  }),
  'daemon-down': onEach((seen, node, plan, run) => {
    for (const service of plan.services) {
      const reached = seen.of(reach, theNode(plan, 'director').name).get(serviceName(service)) ?? [];
      const down = reached.filter(({ server, endpoint }) => {
        return server === node && run.includes(backendOf(endpoint.backend).daemon.unit);
      });
      refuse(down.flatMap(({ answer }) => answer ?? []));
      if (down.length > 0) {
        seen.set(processes, node, []);
        seen.set(listeners, node, []);
      }
    }
  }),
  'wrong-listen': (seen, plan, { symptom, nodes }) => {
    for (const { service, servers } of 'of' in symptom ? symptom.of : []) {
      const asked = seen.of(answers, theNode(plan, 'client').name).get(service)?.answers ?? [];
      refuse(asked.filter(({ server }) => server && servers.includes(server)));
    }
    for (const on of nodes) {
      const { address = '' } = plan.realServers.find(({ node }) => node === on) ?? {};
      for (const one of seen.of(listeners, on)) one.address = address;
    }
  },
  'small-mtu': onEach((seen, node) => {
    for (const nic of seen.of(nics, node)) nic.mtu = 1400;
  }),
  'weight-zero': inTable({ weight: 0 }),
  'service-missing': (seen, plan, { name, nodes }) => {
    const node = nodes[0] ?? '';
    const gone = plan.services.filter((service) => nameWithService(plan, node, service) === name).map(tableOf);
    const rest = seen.of(table, node).filter((one) => !gone.some((other) => other.name === one.name));
    seen.set(table, node, rest);
  },
  'marks-missing': onEach((seen, node) => {
    seen.set(marksLook, node, '');
    silence(seen);
  }),
  'one-packet-off': (seen, plan, { name, nodes }) => {
    const node = nodes[0] ?? '';
    for (const service of plan.services.filter((one) => nameWithService(plan, node, one) === name)) {
      const found = seen.of(table, node).find((one) => one.name === tableOf(service).name);
      if (found) found.options = found.options.replace('-o', '').trim();
    }
  },
  'clock-daemon-down': onEach((seen, node, plan) => {
    if (plan.clock.some((client) => client.node === node))
      Object.assign(seen.of(clockLook, node), { error: '506 Cannot talk to daemon', source: undefined });
  }),
  'sync-daemon-missing': (seen, _plan, { name, nodes }) => {
    const node = nodes[0] ?? '';
    seen.of(daemons, node).delete(name.slice(node.length + 1));
  },
  'php-down': onEach((seen, node) => stop(seen, node, 'php')),
  'nfs-server-down': onEach((seen, node) => stop(seen, node, 'nfs-server')),
  'database-password-wrong': onEach((seen, node) => {
    seen.set(databaseLogin, node, { code: 1045, words: "Access denied for user 'wordpress'" });
  }),
  'site-writer-missing': onEach((seen, node) => seen.set(siteUsers, node, 0)),
  'site-files-unmounted': onEach((seen, node) => Object.assign(seen.of(siteMount, node), { source: '', type: '' })),
  'vrrp-daemon-dead': onEach((seen, node) => seen.set(vrrpStates, node, [])),
};

function onEach(change: (seen: Seen, node: string, plan: Plan, run: string) => void): Ill {
  return (seen, plan, { make }) => {
    for (const { on, run } of commandsOf(make)) change(seen, on, plan, run);
  };
}

function ofVip(change: (seen: Seen, held: HeldVip, plan: Plan) => void): Ill {
  return (seen, plan, { name }) => {
    for (const held of heldVips(plan)) if (held.name === name) change(seen, held, plan);
  };
}

/** Of the real server, and the service where there are several, that the place is named after. */
function inTable(change: Partial<TableServer>): Ill {
  return (seen, plan, { name }) => {
    for (const service of plan.services) {
      const planned = tableOf(service);
      const found = seen.of(table, theNode(plan, 'director').name).find((one) => one.name === planned.name);
      service.destinations.forEach(({ server }, at) => {
        if (nameWithService(plan, server, service) === name) Object.assign(found?.servers[at] ?? {}, change);
      });
    }
  };
}

function deviceOn(plan: Plan, node: string): string | undefined {
  const server = plan.realServers.find((one) => one.node === node);
  return server && tunnelDevice(server).device;
}

/** Takes a VIP from every interface. */
function moveVip(seen: Seen, node: string, vip: string): void {
  for (const one of seen.of(addresses, node))
    one.addresses = one.addresses.filter((address) => address !== hostCidr(vip));
}

function giveVip(seen: Seen, node: string, device: string, cidr: string): void {
  for (const one of seen.of(addresses, node)) if (one.name === device) one.addresses.push(cidr);
}

/** The unit that begins so, and all others as they are. */
function stop(seen: Seen, node: string, name: string): void {
  const units = seen.of(siteUnits, node);
  for (const unit of units.keys()) if (unit.startsWith(name)) units.set(unit, 'inactive');
}

function filter(seen: Seen, node: string, found: Filter): void {
  seen.of(firewallLook, node).filters.push(found);
  silence(seen);
}

function refuse(asked: readonly Answer[]): void {
  for (const one of asked) Object.assign(one, { status: 0, server: undefined, error: 'Connection refused' });
}
