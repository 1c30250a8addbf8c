import type { Backend } from '../../backends/backend.ts';
import { backends } from '../../backends/index.ts';
import { whyNoHost } from '../addresses.ts';
import { backupOf } from '../defaults.ts';
import type { LabFile } from '../file-schema.ts';
import { directorName } from '../lab.ts';
import { hostExample } from '../reading/examples.ts';
import type { Path } from '../reading/source.ts';
import type { Report } from './report.ts';

/** What two directors are not set up for here, and what cannot work with them. */
export const backupRules = [place, company, measured, sysctls];

const at = ({ backup }: LabFile): Path => (typeof backup === 'object' ? ['backup', 'front'] : ['backup']);

function place({ file, problem }: Report): void {
  const backup = backupOf(file);
  if (!backup) return;
  const { front } = file.networks;
  const why = whyNoHost(backup.front, front, 'the front network');
  if (why) problem(at(file), why, hostExample(file, front));
}

function company({ file, modes, names, problem }: Report): void {
  if (!file.backup) return;
  if (modes.includes('nat')) {
    problem(
      ['backup'],
      'by nat the director is the gateway of the real servers, and that address would have to move with the VIP',
      'mode: dr or tun',
    );
  }
  if (file.networks.front.includes(':')) problem(['backup'], 'two directors are not set up for IPv6 here', 'IPv4');
  if (file.networks.remote) {
    problem(['backup'], 'two directors are not set up for real servers behind a router here', 'no remote network');
  }
  if (file.health) {
    problem(['backup'], 'health checks are not set up for two directors here', 'one of the two: health or backup');
  }
  if (names.includes(directorName)) {
    problem(
      ['backup'],
      'the director is a real server as well: its connections die with it, and the other would send it what it sends back',
      'no LocalNode',
    );
  }
}

/** A failover is measured by connections that stay open, and by requests without a pause. */
function measured({ file, services, problem }: Report): void {
  if (!file.backup) return;
  const has = (wanted: Backend) =>
    services.some(
      ({ service, protocol, endpoints }) =>
        service.fwmark === undefined && protocol === 'tcp' && endpoints.every(({ backend }) => backend === wanted.name),
    );
  const missing = backends.filter((one) => one.failover && !has(one));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(' and no ');
  problem(
    ['backup'],
    `a failover is measured by held connections of the line echo and by requests to a web page: there is no ${names} over tcp`,
    missing.map(({ port }) => `a service with port: ${port}`).join(', and '),
  );
}

function sysctls({ file, problem }: Report): void {
  if (!file.backup || !file.ipvs?.sysctls?.backup_only) return;
  // sysctl_backup_only in include/net/ip_vs.h looks for the backup daemon alone.
  problem(
    ['ipvs', 'sysctls', 'backup_only'],
    'both directors run the backup daemon, and with this neither would balance anything',
    'backup_only: 0',
  );
}
