import { type IpvsSysctl, ipvsSysctlLimits, ipvsSysctlsSince, ipvsSysctlTexts } from '../ipvs-sysctls.ts';
import { compareVersions, isOwn, knownVersion } from '../kernels.ts';
import { kernelsOfDirectors } from './kernels.ts';
import type { Report, Rule } from './report.ts';

export const ipvsRules: Rule[] = [sysctls, timeouts];

export function sysctls(report: Report): void {
  const { file, problem, warning } = report;
  for (const [name, value] of Object.entries(file.ipvs?.sysctls ?? {})) {
    const path = ['ipvs', 'sysctls', name];
    const shape = ipvsSysctlTexts[name as IpvsSysctl];
    if (shape) {
      if (!shape.pattern.test(String(value))) problem(path, `it is ${shape.what}`, `${name}: "${shape.example}"`);
      continue;
    }
    const number = Number(value);
    const [least, most] = ipvsSysctlLimits[name] ?? [0, Number.POSITIVE_INFINITY];
    if (number > most) problem(path, `the kernel refuses ${value}`, `${most} at most`);
    if (number < least) {
      const refused = name in ipvsSysctlLimits;
      problem(path, refused ? `the kernel refuses ${value}` : `${value} has no meaning there`, `${least} at least`);
    }
    if (name === 'sync_ports' && (number & (number - 1)) !== 0) problem(path, `${value} is not a power of two`);
    if (['drop_entry', 'drop_packet', 'secure_tcp'].includes(name) && number > 0) {
      warning(
        path,
        'under load IPVS then drops connections or packets at random, so the order of answers cannot be predicted',
      );
    }
  }
  sinceWhen(report);
  reusedPorts(report);
}

/** Settings that the director's kernel does not have. */
function sinceWhen({ file, problem }: Report): void {
  for (const name of Object.keys(file.ipvs?.sysctls ?? {})) {
    const since = ipvsSysctlsSince[name];
    if (!since) continue;
    for (const kernel of kernelsOfDirectors(file)) {
      const version = knownVersion(kernel, file.release);
      if (version === undefined || compareVersions(version, since) >= 0) continue;
      const own = isOwn(kernel);
      const whose = own ? `Debian ${file.release}’s kernel` : `kernel ${version}`;
      const newer = own && file.release === 12 && since === '6.2';
      problem(['ipvs', 'sysctls', name], `${whose} has no ${name}`, newer ? 'release: 13' : `kernel ${since} or later`);
    }
  }
}

/**
 * is_new_conn in ip_vs_in_hook: from 5.16 on expire_nodest_conn chooses again for a port that was used before, whatever
 * conn_reuse_mode is, if the real server has weight 0.
 */
function reusedPorts({ file, warning }: Report): void {
  const { conn_reuse_mode: mode, expire_nodest_conn: expires = file.health ? 1 : 0 } = file.ipvs?.sysctls ?? {};
  if (mode !== 0 || expires !== 0) return;
  warning(
    ['ipvs', 'sysctls', 'conn_reuse_mode'],
    'a client that uses a port again then goes to the same real server, even if that has weight 0 by now',
    'expire_nodest_conn: 1 beside it',
  );
}

function timeouts({ file, services, warning }: Report): void {
  const given = file.ipvs?.timeouts;
  const asked = new Set(services.map(({ protocol }) => protocol));
  for (const [name, protocol] of [
    ['tcp', 'tcp'],
    ['tcpfin', 'tcp'],
    ['udp', 'udp'],
  ] as const) {
    if (given && given[name] < 15 && asked.has(protocol)) {
      const what = 'IPVS may forget connections before verify reads them';
      warning(['ipvs', 'timeouts', name], what, '15 or more');
    }
  }
}
