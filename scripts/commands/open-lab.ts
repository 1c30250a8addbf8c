import { describeProblem } from '../errors.ts';
import { readLabFile } from '../host/lab-files.ts';
import { parseLab } from '../model/parse.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Emit } from '../report/events.ts';
import { type OpenedLab, withScripts } from './opened-lab.ts';

/** What the options of a command can change about a lab. */
export interface LabOptions {
  realServers?: number | undefined;
  requests?: number | undefined;
}

/** From a name or a path to everything that can be known before any machine starts. Pure but for reading files. */
export async function openLab(nameOrPath: string, options: LabOptions, emit: Emit): Promise<OpenedLab> {
  const { name, file, text } = await readLabFile(nameOrPath);
  const { lab, warnings } = parseLab(text, { name, file, realServers: options.realServers });
  for (const warning of warnings) emit({ type: 'warning', text: describeProblem(file, warning) });
  return withScripts(makePlan(lab, { requests: options.requests }));
}
