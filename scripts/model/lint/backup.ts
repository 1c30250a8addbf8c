import type { Backend } from '../../backends/backend.ts';
import { backends } from '../../backends/index.ts';
import { isWithin, whyNoHost } from '../addresses.ts';
import { backupOf } from '../nodes.ts';
import { hostExample } from '../reading/examples.ts';
import type { Path } from '../reading/source.ts';
import type { LabFile } from '../schema/lab-file.ts';
import { directorName } from '../words.ts';
import type { Report } from './report.ts';

/** Finds what cannot work with two directors, and what the kit does not set up for them. */
export const backupRules = [backupPlace, inside, company, measured, syncDaemons, sysctls];

const at = ({ backup }: LabFile): Path => (typeof backup === 'object' ? ['backup', 'front'] : ['backup']);

/** Addresses in the back network. */
function inside({ file, problem }: Report): void {
  const backup = backupOf(file);
  if (!backup || typeof file.backup !== 'object') return;
  const { back } = file.networks;
  for (const key of ['back', 'gateway'] as const) {
    const address = file.backup[key];
    if (address === undefined) continue;
    const why = back ? whyNoHost(address, back, 'the back network') : 'the lab has no back network';
    if (why) problem(['backup', key], why, back ? hostExample(file, back) : `leave ${key} out`);
  }
}

export function backupPlace({ file, problem }: Report): void {
  const backup = backupOf(file);
  if (!backup) return;
  const { front } = file.networks;
  const why = whyNoHost(backup.front, front, 'the front network');
  if (why) problem(at(file), why, hostExample(file, front));
}

function company({ file, names, problem }: Report): void {
  if (!file.backup) return;
  if (file.networks.front.includes(':'))
    problem(['backup'], 'the kit sets up two directors only with IPv4', 'IPv4 networks');
  if (file.networks.remote) {
    problem(['backup'], 'the kit sets up two directors only without a remote network', 'leave remote out');
  }
  if (file.health?.by === 'ldirectord') {
    problem(
      ['health', 'by'],
      'with two directors keepalived moves the VIP, and the kit lets it make the checks too',
      'by: keepalived',
    );
  }
  if (names.includes(directorName)) {
    problem(
      ['backup'],
      'the director is also a real server: its connections end with it, and the second director would send requests back to it',
      'leave director out of real_servers',
    );
  }
}

/** The failover drill holds connections open, and sends requests without a pause. */
function measured({ file, services, warning }: Report): void {
  if (!file.backup) return;
  const has = (wanted: Backend) =>
    services.some(
      ({ service, protocol, endpoints }) =>
        service.fwmark === undefined && protocol === 'tcp' && endpoints.every(({ backend }) => backend === wanted.name),
    );
  const missing = backends.filter((one) => one.failover && !has(one));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(' and ');
  warning(
    ['backup'],
    `verify measures no failover, because the drill needs services over tcp that the lab does not have: ${names}`,
    missing.map(({ port }) => `a service with port: ${port}`).join(', and '),
  );
}

/** Only the sync daemons of both directors can have messages in common. */
function syncDaemons({ file, problem }: Report): void {
  const group = typeof file.backup === 'object' ? file.backup.sync?.group : undefined;
  if (group === undefined || isWithin(group, '224.0.0.0', '239.255.255.255')) return;
  problem(['backup', 'sync', 'group'], `${group} is not a multicast address`, '224.0.0.81');
}

function sysctls({ file, problem }: Report): void {
  if (!file.backup || !file.ipvs?.sysctls?.backup_only) return;
  // sysctl_backup_only in include/net/ip_vs.h looks for the backup daemon alone.
  problem(
    ['ipvs', 'sysctls', 'backup_only'],
    'with backup_only neither director balances anything, because both run the backup sync daemon',
    'backup_only: 0',
  );
}
