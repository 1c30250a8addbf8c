import { didYouMean } from '../../closest.ts';
import type { KernelWish } from '../kernels.ts';
import { backupName, directorsOf } from '../nodes.ts';
import { namesOf } from '../real-servers.ts';
import type { LabFile } from '../schema/lab-file.ts';
import { placeOfRole } from '../site.ts';
import { directorName, siteRoles } from '../words.ts';
import type { Report } from './report.ts';

/** The kernels of the machines that have IPVS. */
export function kernelsOfDirectors(file: LabFile): KernelWish[] {
  const { kernel, kernels = {} } = file;
  return directorsOf(file).map((name) => kernels[name] ?? kernel);
}

/** Modules of IPVS are for nodes that have IPVS. */
export function modules({ file, problem }: Report): void {
  const directors = directorsOf(file);
  const wish = file.modules?.ip_vs;
  if (wish === undefined || typeof wish === 'string') return;
  for (const node of Object.keys(wish)) {
    if (directors.includes(node)) continue;
    const fix = didYouMean(node, directors) ?? directors.join(' or ');
    problem(['modules', 'ip_vs', node], `the lab has no director ${node}`, fix);
  }
}

/** Kernels are for nodes that the lab has. */
export function kernels({ file, names, problem }: Report): void {
  const nodes = [
    'client',
    directorName,
    ...(file.backup ? [backupName] : []),
    ...(file.networks.remote ? ['router'] : []),
    ...names,
    ...siteRoles.flatMap((role) => placeOfRole(file, role)?.node ?? []),
  ];
  // The command line may ask for fewer real servers than the file has.
  const known = new Set([...nodes, ...namesOf(file)]);
  for (const node of Object.keys(file.kernels ?? {})) {
    if (known.has(node)) continue;
    problem(['kernels', node], `the lab has no node ${node}`, didYouMean(node, nodes) ?? `one of ${nodes.join(', ')}`);
  }
}
