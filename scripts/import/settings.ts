import { stringify } from 'yaml';
import { LabFileError } from '../errors.ts';
import { hostAt } from '../model/addresses.ts';
import { parseLab } from '../model/parse.ts';
import type { WrittenLabFile } from '../model/schema/lab-file.ts';
import { type Draft, networks } from './draft.ts';
import { enterHealth, healthOf } from './health.ts';
import type { Imported, ImportedService } from './imported.ts';

/** Seconds of the kernel: ipvsadm -l --timeout. */
const kernelTimeouts = { tcp: 900, tcpfin: 120, udp: 300 };

/**
 * Adds to a lab what a configuration says for all of its services: time-outs, sysctls, health checks, a second director. Each is
 * kept if the kit accepts the lab file with it; if not, the kit's own words say why not.
 */
export function withSettings(
  file: WrittenLabFile,
  imported: Imported,
  services: readonly ImportedService[],
  draft: Draft,
): WrittenLabFile {
  const timed = withTimeouts(file, imported, draft);
  const tuned = withSysctls(timed, imported, draft);
  const watched = withHealth(tuned, services, draft);
  return withPair(watched, imported, draft);
}

/** Why the kit refuses a lab file; undefined if it does not. */
function objectionTo(file: WrittenLabFile): string | undefined {
  try {
    parseLab(stringify(file), { name: 'imported', file: 'imported.yaml' });
    return undefined;
  } catch (error) {
    if (error instanceof LabFileError) return error.problems[0]?.what ?? 'the lab file would be wrong';
    throw error;
  }
}

function withTimeouts(file: WrittenLabFile, { timeouts }: Imported, { ledger }: Draft): WrittenLabFile {
  if (!timeouts) return file;
  const { tcp, tcpfin, udp } = timeouts;
  const values = {
    tcp: tcp.value || kernelTimeouts.tcp,
    tcpfin: tcpfin.value || kernelTimeouts.tcpfin,
    udp: udp.value || kernelTimeouts.udp,
  };
  ledger.keep(tcp.by, tcpfin.by, udp.by);
  return { ...file, ipvs: { ...file.ipvs, timeouts: values } };
}

function withSysctls(file: WrittenLabFile, { sysctls }: Imported, { ledger }: Draft): WrittenLabFile {
  let made = file;
  for (const { name, value, by } of sysctls) {
    const after = { ...made, ipvs: { ...made.ipvs, sysctls: { ...made.ipvs?.sysctls, [name]: value } } };
    const why = objectionTo(after);
    if (why) ledger.leave(by, why);
    else {
      ledger.keep(by);
      made = after;
    }
  }
  return made;
}

function withHealth(file: WrittenLabFile, services: readonly ImportedService[], { ledger }: Draft): WrittenLabFile {
  const found = healthOf(services);
  if (!found) return file;
  const why = typeof found === 'string' ? found : objectionTo({ ...file, health: found.health });
  const checks = services.flatMap(({ servers }) => servers.flatMap((one) => one.checks.map(({ by }) => by)));
  if (why || typeof found === 'string') {
    const said = services.flatMap(({ watch, servers }) => [
      watch?.sorry?.by,
      ...servers.map(({ quiescent }) => quiescent.by),
    ]);
    const times = services.flatMap(({ servers }) =>
      servers.flatMap((one) => one.checks.flatMap(({ interval, timeout }) => [interval.by, timeout.by])),
    );
    for (const one of [...checks, ...said]) ledger.leave(one, `no health checks: ${why}`);
    for (const one of times) if (one) ledger.expect(one, `no health checks: ${why}`);
    return file;
  }
  enterHealth(found, ledger);
  return { ...file, health: found.health };
}

/** A second director, for the first VRRP instance of the configuration: a lab has one. */
function withPair(file: WrittenLabFile, { pairs }: Imported, { ledger, family }: Draft): WrittenLabFile {
  const [pair, ...others] = pairs;
  for (const { by } of others) ledger.leave(by, 'a lab has one VRRP instance, for all of its VIPs');
  if (!pair) return file;
  const { interval, preemptDelay, by } = pair;
  const backup = {
    front: hostAt(networks[family].front, 250n),
    ...(interval.by && { advert_interval: interval.value }),
    ...(preemptDelay.by && { preempt_delay: preemptDelay.value }),
  };
  const why = objectionTo({ ...file, backup });
  if (why) {
    ledger.leave(by, `no second director: ${why}`);
    return file;
  }
  ledger.keep(by, interval.by, preemptDelay.by, ...pair.alike);
  return { ...file, backup };
}
