import { dirname } from 'node:path';
import { type Kept, keptCheckpoints } from '../checkpoints/store.ts';
import { ExitCode } from '../errors.ts';
import { labName } from '../host/lab-files.ts';
import { placeOf } from '../host/paths.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { asTyped } from '../report/as-typed.ts';
import { columns } from '../report/columns.ts';
import { print, printJson, printText } from '../report/output.ts';
import { saidTime } from '../report/said-time.ts';
import type { Globals } from './globals.ts';
import { mib } from './mib.ts';

/** lab checkpoints [NAME]: those of every lab of the user, or of one in this folder. */
export async function checkpoints(name: string | undefined, globals: Globals): Promise<number> {
  const kept = await keptCheckpoints(name === undefined ? undefined : placeOf(labName(name)));
  if (globals.json) printJson({ schema: 'lvs-lab/checkpoints/1', checkpoints: kept.map(documentOf) });
  else if (kept.length > 0) print(checkpointsText(kept, process.cwd()));
  else
    printText(asTyped(name === undefined ? 'nothing is saved; lab save dr saves lab dr' : `lab ${name} is not saved`));
  return ExitCode.ok;
}

function documentOf({ lab, label, folder, belongsTo, size, checkpoint }: Kept) {
  const { saved, plan, machines } = checkpoint ?? {};
  return {
    lab,
    label,
    folder,
    belongsTo: belongsTo ?? null,
    readable: checkpoint !== undefined,
    saved: saved ?? null,
    size,
    machines: plan?.nodes.length ?? null,
    release: plan?.release ?? null,
    qemu: machines?.version ?? null,
    accelerator: machines?.accelerator ?? null,
  };
}

/** A table for each folder, this one first. */
export function checkpointsText(kept: readonly Kept[], here: string): string {
  const folders = [...new Set([here, ...kept.map(({ belongsTo }) => belongsTo)])];
  const tables = folders.flatMap((folder) => {
    const some = kept.filter(({ belongsTo }) => belongsTo === folder);
    if (some.length === 0) return [];
    const table = columns([['lab', 'label', 'saved', 'size', 'machines', 'release'], ...some.map(rowOf)], {
      indent: '',
    });
    return folder === here ? table : `${headOf(some, folder)}\n${table}`;
  });
  return tables.join('\n\n');
}

/** What stands above the checkpoints of another folder: how they are removed. */
function headOf([first]: readonly Kept[], folder: string | undefined): string {
  if (folder === undefined) return `of a folder that is not known any more, in ${dirname(first?.folder ?? '')}:`;
  return asTyped(`of ${folder}; there, or with lab forget NAME LABEL --in ${shellQuote(folder)}:`);
}

function rowOf({ lab, label, size, checkpoint }: Kept): string[] {
  if (!checkpoint) return [lab, label, 'cannot be read'];
  const { saved, plan } = checkpoint;
  return [lab, label, saidTime(saved), mib(size), String(plan.nodes.length), `Debian ${plan.release}`];
}
