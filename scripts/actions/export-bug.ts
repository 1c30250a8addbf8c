import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { bugReport, type HashedPackage, portableFile } from '../experiment/bug-report.ts';
import type { LabMap } from '../experiment/experiment.ts';
import { writeWhole } from '../host/files.ts';
import { version } from '../host/version.ts';
import { keptKernels } from '../providers/kernels/stored-kernel.ts';
import { type BugFile, decisive, type Look, type LookOptions } from './look-for-bug.ts';
import { mapOfLab } from './open-variant.ts';

/** Writes a bug report. @throws UsageError when the file cannot be written */
export async function exportBug(
  { bug, toOpen }: BugFile,
  { plan, verdict, rounds }: Look,
  options: LookOptions,
  path: string,
): Promise<void> {
  const deciding = decisive(rounds);
  if (!deciding) throw new Error('a report without a round');
  const lab = typeof toOpen.lab === 'string' ? await mapOfLab(toOpen.lab, toOpen.file) : toOpen.lab;
  const text = bugReport(
    {
      bug,
      file: portableFile(toOpen.source.value as LabMap, lab, options.kernel),
      mended: options.mended,
      verdict,
      rounds,
      shown: deciding.trial,
      packages: await packagesOfKernels(),
      made: { version: version(), provider: plan.provider, at: new Date().toISOString().slice(0, 10) },
    },
    path,
  );
  await writeWhole(resolve(path), text, 0o644).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--export: ${path} cannot be written`, { cause: error.message });
  });
}

async function packagesOfKernels(): Promise<Map<string, HashedPackage[]>> {
  const kept = await keptKernels();
  return new Map(kept.flatMap(({ name, debian }) => (debian ? [[name, debian.packages] as const] : [])));
}
