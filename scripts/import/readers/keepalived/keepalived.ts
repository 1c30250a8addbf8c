import type { Imported } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import type { Source, Statement } from '../../statement.ts';
import type { Reader, ReaderOptions } from '../reader.ts';
import { blocksOf } from './blocks.ts';
import { timeoutsOf } from './globals.ts';
import { reasonFor } from './keywords.ts';
import { servicesOf } from './services.ts';
import { unfolded } from './unfold.ts';
import { named } from './values.ts';
import { ownAddresses, pairOf } from './vrrp.ts';

/** keepalived.conf(5). */
export const keepalived: Reader = {
  name: 'keepalived.conf',
  sign: /^[ \t]*(@\S+[ \t]+)?(virtual_server(_group)?|real_server|global_defs|vrrp_(instance|sync_group|script))\b/m,
  help: 'see keepalived.conf(5)',
  read,
};

function read(sources: readonly Source[], ledger: Ledger, options: ReaderOptions): Imported {
  const top = blocksOf(unfolded(sources, ledger, options), ledger);
  const groups = groupsIn(top, ledger);
  const services = named(top, 'virtual_server').flatMap((one) => servicesOf(one, groups, ledger));
  const containers = named(top, 'global_defs');
  ledger.keep(...containers);
  const globals = containers.flatMap(({ block = [] }) => block);
  const timeouts = timeoutsOf(named(globals, 'lvs_timeouts'), ledger);
  const instances = named(top, 'vrrp_instance');
  for (const group of groups.values()) {
    if (!ledger.isKept(group)) ledger.leave(group, 'no virtual_server uses it');
  }
  explain(top, ledger);
  return {
    services,
    own: ownAddresses(instances),
    ...(timeouts && { timeouts }),
    sysctls: [],
    pairs: instances.map((one) => pairOf(one, named(globals, 'lvs_sync_daemon', 'lvs_sync_daemon_interface'), ledger)),
    untold: [],
  };
}

function groupsIn(top: readonly Statement[], ledger: Ledger): Map<string, Statement> {
  const groups = new Map<string, Statement>();
  for (const group of named(top, 'virtual_server_group')) {
    const name = group.word(1) ?? '';
    if (groups.has(name)) ledger.leave(group, `line ${groups.get(name)?.line} has a group of this name`);
    else groups.set(name, group);
  }
  return groups;
}

/** Expects of each statement of a word that no lab has that it is left, and says why. */
function explain(statements: readonly Statement[], ledger: Ledger, unchecked = false): void {
  for (const one of statements) {
    const idle = one.name === 'virtual_server' ? !hasChecks(one) : unchecked;
    ledger.expect(one, reasonFor(one.name, one.parent?.name ?? '', idle));
    explain(one.block ?? [], ledger, idle);
  }
}

/** Whether a real server of a service has a check. */
function hasChecks({ block }: Statement): boolean {
  return named(block, 'real_server').some((one) => one.block?.some(({ name }) => /_(CHECK|GET)$/.test(name)));
}
