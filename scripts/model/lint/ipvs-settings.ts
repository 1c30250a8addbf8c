import { ipvsSysctlLimits } from '../ipvs-sysctls.ts';
import { compareVersions, isOwn, knownVersion } from '../kernels.ts';
import { kernelsOfDirectors } from './kernels.ts';
import type { Report, Rule } from './report.ts';

export const ipvsRules: Rule[] = [sysctls, timeouts];

export function sysctls({ file, problem, warning }: Report): void {
  for (const [name, value] of Object.entries(file.ipvs?.sysctls ?? {})) {
    const most = ipvsSysctlLimits[name];
    const path = ['ipvs', 'sysctls', name];
    if (most !== undefined && value > most) problem(path, `the kernel refuses ${value}`, `${most} at most`);
    if (name === 'sync_ports' && (value & (value - 1)) !== 0) problem(path, `${value} is not a power of two`);
    if (['drop_entry', 'drop_packet', 'secure_tcp'].includes(name) && value > 0) {
      warning(
        path,
        'under load IPVS then drops connections or packets at random, so the order of answers cannot be predicted',
      );
    }
  }
  if (file.ipvs?.sysctls?.run_estimation === undefined) return;
  for (const kernel of kernelsOfDirectors(file)) {
    const version = knownVersion(kernel, file.release);
    if (version === undefined || compareVersions(version, '6.2') >= 0) continue;
    const [whose, fix] = isOwn(kernel)
      ? [`Debian ${file.release}’s kernel`, 'release: 13']
      : [`kernel ${version}`, 'kernel 6.2 or later'];
    problem(['ipvs', 'sysctls', 'run_estimation'], `${whose} has no run_estimation`, fix);
  }
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
